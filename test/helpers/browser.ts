import { accessSync, constants, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

/** Set where the browser has been installed on purpose: then its absence is a fault and no reason to skip. */
const REQUIRED = process.env['PCAP_WHY_BROWSER'] === 'required'

/** The first of these programs that is on the path; null: none. */
export function programOnPath(...names: readonly string[]): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK)
        return join(folder, name)
      } catch {
        // Not in this folder.
      }
    }
  }
  return null
}

/** Chromium as the distribution installs it; null: not installed. */
export const CHROMIUM = programOnPath('chromium', 'chromium-browser', 'google-chrome')
if (CHROMIUM === null && REQUIRED)
  throw new Error('PCAP_WHY_BROWSER=required, but no chromium is on the path')

export function launchChromium(): Promise<Browser> {
  // Root in a container has no sandbox.
  return chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] })
}

/** A page opened from a file, and everything it did that it should not. */
export interface WatchedPage {
  readonly page: Page
  /** Console messages, errors, requests for anything but the file itself. */
  readonly complaints: string[]
}

/** Writes the page to a file and opens it from there, as somebody does who got it by e-mail. */
export async function openFile(
  browser: Browser,
  html: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const path = join(mkdtempSync(join(tmpdir(), 'pcap-why-html-')), 'report.html')
  writeFileSync(path, html)
  const url = pathToFileURL(path).href
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, ...options })
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(`console ${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url) complaints.push(`request: ${request.url()}`)
  })
  await page.goto(url)
  return { page, complaints }
}
