/** The HTML report in a browser. Needs a Chromium on the path; without one these tests say that they are skipped. */
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../../../src/analyze.js'
import { MemorySource } from '../../../src/capture/memory-source.js'
import { openSource } from '../../../src/capture/file-source.js'
import { CHROMIUM, launchChromium, openFile, type WatchedPage } from '../../helpers/browser.js'
import { hostileCapture } from '../../helpers/hostile.js'
import { htmlOf } from '../../helpers/html-of.js'
import { flowOf, reportOf } from '../fixtures.js'
import { chainReport } from './fixtures.js'

/** For a browser to start and to show a page, and for the page to react, on a machine that is busy with something else. */
const START_MS = 60_000
const REACTION_MS = 20_000

/** What a page shows once it has reacted: it draws when the browser gives it a frame. */
function eventually<T>(read: () => Promise<T>): ReturnType<typeof expect.poll<T>> {
  return expect.poll(read, { timeout: REACTION_MS, interval: 20 })
}

const race = fileURLToPath(new URL('../../../captures/keepalive-race/capture.pcap', import.meta.url))

describe.skipIf(CHROMIUM === null)(
  `the HTML report in a browser${CHROMIUM === null ? ' (skipped: no chromium on the path)' : ''}`,
  () => {
    let browser: Browser
    let watched: WatchedPage
    let all = 0
    beforeAll(async () => {
      browser = await launchChromium()
      const report = await analyze([openSource(race)], { overview: true })
      all = report.summary.flows
      watched = await openFile(browser, await htmlOf(report))
      // A browser's start alone can take longer than the ten seconds of a hook where everything else runs, too.
    }, START_MS)
    afterAll(async () => browser?.close())

    const rows = (): Promise<string[]> =>
      watched.page.locator('#flow-grid tr[data-flow] td:first-child').allTextContents()
    const shownCount = async (): Promise<string> =>
      (await watched.page.locator('#flow-count').textContent()) ?? ''

    it('filters by class, host, port and text', async () => {
      const { page } = watched
      await eventually(shownCount).toBe(`${all} flows`)
      await page.getByRole('button', { name: /^keep-alive race 7$/ }).click()
      await eventually(shownCount).toBe(`7 of ${all} flows`)
      await page.getByRole('button', { name: 'show all', exact: true }).click()
      await eventually(shownCount).toBe(`${all} flows`)
      await page.getByLabel('port').fill('80')
      await eventually(shownCount).toMatch(/^\d+ of \d+ flows$/)
      const [shown = 0] = (await shownCount()).match(/\d+/g)?.map(Number) ?? []
      expect(shown).toBeGreaterThan(0)
      expect(shown).toBeLessThan(all)
      await page.getByLabel('port').fill('')
      await page.getByLabel('host').fill('no such host')
      await eventually(shownCount).toBe(`0 of ${all} flows`)
      await page.getByLabel('host').fill('')
      await page.getByLabel('text').fill('race waiting')
      await eventually(shownCount).toBe(`5 of ${all} flows`)
      await page.getByLabel('text').fill('')
      await eventually(shownCount).toBe(`${all} flows`)
    })

    it('sorts by a column, up and down', async () => {
      const { page } = watched
      const sorter = page.locator('#flow-grid th button', { hasText: /^flow$/ })
      await sorter.click()
      await page.locator('#flow-grid th[aria-sort="ascending"]', { hasText: /^flow$/ }).waitFor()
      const up = (await rows()).map(Number)
      expect(up).toEqual([...up].sort((a, b) => a - b))
      await sorter.click()
      await eventually(async () => (await rows()).map(Number)).toEqual([...up].reverse())
      await eventually(() => page.locator('#flow-grid th[aria-sort="descending"]').textContent()).toBe('flow')
    })

    it('opens a flow with its ladder by click, by link and by keyboard', async () => {
      const { page } = watched
      await page
        .locator('#findings a', { hasText: /^Proof: flow/ })
        .first()
        .click()
      const detail = page.locator('#flow-detail')
      await detail.locator('svg[role="img"]').waitFor()
      await eventually(() => detail.locator('svg text').count()).toBeGreaterThan(10)
      await eventually(() => detail.textContent()).toMatch(
        /Evidence.*#\d+.*Why not something else.*Check in Wireshark: tcp\.stream == \d+/s,
      )
      await page.keyboard.press('Escape')
      await eventually(() => detail.isVisible()).toBe(false)
      await page.locator('#flow-grid').focus()
      await page.keyboard.press('Home')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      const chosen = (await rows())[1]
      await eventually(() => detail.locator('h3').textContent()).toBe(`Flow ${chosen}`)
      await detail.getByRole('button', { name: /^Close/ }).click()
      await eventually(() => detail.isVisible()).toBe(false)
    })

    it('zooms the time line by dragging and opens what is clicked', async () => {
      const { page } = watched
      const canvas = page.locator('#timeline-canvas')
      await canvas.scrollIntoViewIfNeeded()
      const place = async (): Promise<{ x: number; y: number; width: number }> =>
        (await canvas.boundingBox()) ?? { x: 0, y: 0, width: 0 }
      const box = await place()
      await page.mouse.move(box.x + box.width * 0.6, box.y + 60)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width * 0.9, box.y + 70, { steps: 3 })
      await page.mouse.up()
      await eventually(shownCount).toMatch(/between [\d.]+ s and [\d.]+ s/)
      await page.getByRole('button', { name: 'whole capture' }).click()
      await eventually(shownCount).toBe(`${all} flows`)
      // The button took its room with it, and the page may have scrolled.
      await canvas.scrollIntoViewIfNeeded()
      const now = await place()
      await page.mouse.click(now.x + 120, now.y + 24 + 8)
      await eventually(() => page.locator('#flow-detail h3').textContent()).toMatch(/^Flow \d+$/)
    })

    it('shows the flows of a finding', async () => {
      const { page } = watched
      await page.getByRole('button', { name: 'show all 7 flows' }).click()
      await eventually(shownCount).toBe(`7 of ${all} flows, of one finding`)
    })

    it('has said nothing on the console and asked for nothing', () => {
      expect(watched.complaints).toEqual([])
    })

    it('shows every section, light and dark, narrow and in print', async () => {
      const html = await htmlOf(chainReport())
      const { page, complaints } = await openFile(browser, html, {
        colorScheme: 'dark',
        viewport: { width: 400, height: 800 },
      })
      const background = (): Promise<string> =>
        page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      await eventually(background).toBe('rgb(13, 17, 23)')
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400)
      // No table is wider than the screen: its cells stand below each other and say their columns' names.
      const cells = page.locator('table td:visible, table th:visible')
      const ends = await cells.evaluateAll((all) => all.map((cell) => cell.getBoundingClientRect().right))
      expect(ends.length).toBeGreaterThan(10)
      expect(Math.max(...ends)).toBeLessThanOrEqual(400)
      const named = page.locator('#chain td').first()
      expect(await named.getAttribute('data-name')).toMatch(/\w/)
      await page.emulateMedia({ media: 'print' })
      await eventually(background).toBe('rgb(255, 255, 255)')
      expect(await page.locator('main section').count()).toBe(6)
      expect(complaints).toEqual([])
      await page.close()
    })

    it('obeys no text from packets', async () => {
      const report = await analyze([new MemorySource(hostileCapture(), 'x.pcap')], {
        all: true,
        overview: true,
        showSecrets: true,
      })
      const { page, complaints } = await openFile(browser, await htmlOf(report))
      for (const flow of report.flows) {
        await page.evaluate((stream) => (location.hash = `#flow-${stream}`), flow.stream)
        await page.locator(`#flow-detail h3:text-is("Flow ${flow.stream}")`).waitFor()
      }
      expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false)
      expect(await page.locator('img, iframe, object, script:not(#data):not(:last-child)').count()).toBe(0)
      expect(complaints).toEqual([])
      await page.close()
    })

    it('keeps the document small however many flows there are', async () => {
      const flows = Array.from({ length: 4000 }, (_, stream) =>
        flowOf({ stream, start: stream / 10, end: stream / 10 + 3 }),
      )
      const { page, complaints } = await openFile(browser, await htmlOf(reportOf({ flows })))
      await eventually(() => page.locator('#flow-count').textContent()).toBe('4000 flows')
      expect(await page.locator('#flow-grid tr').count()).toBeLessThan(90)
      await page.locator('#flow-grid').focus()
      await page.keyboard.press('End')
      await page.locator('#flow-grid tr[data-flow="3999"]').waitFor()
      expect(complaints).toEqual([])
      await page.close()
    })
  },
)
