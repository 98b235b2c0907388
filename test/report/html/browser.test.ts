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
    })
    afterAll(async () => browser?.close())

    const rows = (): Promise<string[]> =>
      watched.page.locator('#flow-grid tr[data-flow] td:first-child').allTextContents()
    const shownCount = async (): Promise<string> =>
      (await watched.page.locator('#flow-count').textContent()) ?? ''

    it('filters by class, host, port and text', async () => {
      const { page } = watched
      expect(await shownCount()).toBe(`${all} flows`)
      await page.getByRole('button', { name: /^keep-alive race 7$/ }).click()
      expect(await shownCount()).toBe(`7 of ${all} flows`)
      await page.getByRole('button', { name: 'show all', exact: true }).click()
      expect(await shownCount()).toBe(`${all} flows`)
      await page.getByLabel('port').fill('80')
      const [shown = 0] = (await shownCount()).match(/\d+/g)?.map(Number) ?? []
      expect(shown).toBeGreaterThan(0)
      expect(shown).toBeLessThan(all)
      await page.getByLabel('port').fill('')
      await page.getByLabel('host').fill('no such host')
      expect(await shownCount()).toBe(`0 of ${all} flows`)
      await page.getByLabel('host').fill('')
      await page.getByLabel('text').fill('race waiting')
      expect(await shownCount()).toBe(`5 of ${all} flows`)
      await page.getByLabel('text').fill('')
      expect(await shownCount()).toBe(`${all} flows`)
    })

    it('sorts by a column, up and down', async () => {
      const { page } = watched
      const sorter = page.locator('#flow-grid th button', { hasText: /^flow$/ })
      await sorter.click()
      const up = (await rows()).map(Number)
      expect(up).toEqual([...up].sort((a, b) => a - b))
      await sorter.click()
      expect((await rows()).map(Number)).toEqual([...up].reverse())
      expect(await page.locator('#flow-grid th[aria-sort="descending"]').textContent()).toBe('flow')
    })

    it('opens a flow with its ladder by click, by link and by keyboard', async () => {
      const { page } = watched
      await page
        .locator('#findings a', { hasText: /^Proof: flow/ })
        .first()
        .click()
      const detail = page.locator('#flow-detail')
      await detail.locator('svg[role="img"]').waitFor()
      expect(await detail.locator('svg text').count()).toBeGreaterThan(10)
      expect(await detail.textContent()).toMatch(
        /Evidence.*#\d+.*Why not something else.*Check in Wireshark: tcp\.stream == \d+/s,
      )
      await page.keyboard.press('Escape')
      expect(await detail.isVisible()).toBe(false)
      await page.locator('#flow-grid').focus()
      await page.keyboard.press('Home')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      const chosen = (await rows())[1]
      expect(await detail.locator('h3').textContent()).toBe(`Flow ${chosen}`)
      await detail.getByRole('button', { name: /^Close/ }).click()
      expect(await detail.isVisible()).toBe(false)
    })

    it('zooms the time line by dragging and opens what is clicked', async () => {
      const { page } = watched
      const canvas = page.locator('#timeline-canvas')
      await canvas.scrollIntoViewIfNeeded()
      const box = (await canvas.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
      await page.mouse.move(box.x + box.width * 0.6, box.y + 60)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width * 0.9, box.y + 70, { steps: 3 })
      await page.mouse.up()
      expect(await shownCount()).toMatch(/between [\d.]+ s and [\d.]+ s/)
      await page.getByRole('button', { name: 'whole capture' }).click()
      expect(await shownCount()).toBe(`${all} flows`)
      await page.mouse.click(box.x + 120, box.y + 24 + 8)
      expect(await page.locator('#flow-detail h3').textContent()).toMatch(/^Flow \d+$/)
    })

    it('shows the flows of a finding', async () => {
      const { page } = watched
      await page.getByRole('button', { name: 'show all 7 flows' }).click()
      expect(await shownCount()).toBe(`7 of ${all} flows, of one finding`)
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
      expect(await background()).toBe('rgb(13, 17, 23)')
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400)
      await page.emulateMedia({ media: 'print' })
      expect(await background()).toBe('rgb(255, 255, 255)')
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
      expect(await page.locator('#flow-count').textContent()).toBe('4000 flows')
      expect(await page.locator('#flow-grid tr').count()).toBeLessThan(90)
      await page.locator('#flow-grid').focus()
      await page.keyboard.press('End')
      await page.locator('#flow-grid tr[data-flow="3999"]').waitFor()
      expect(complaints).toEqual([])
      await page.close()
    })
  },
)
