/** The pictures in a browser and in librsvg: what one shows the other shows. Needs both; without one it says so. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, launchChromium, programOnPath } from '../helpers/browser.js'

const gallery = fileURLToPath(new URL('../../docs/gallery', import.meta.url))
/** Every third of the gallery: crossings, probes, resets and silences are among them, and the test stays short. */
const pictures = readdirSync(gallery)
  .filter((file) => file.endsWith('.svg'))
  .sort()
  .filter((_, index) => index % 3 === 1)
/** Grey levels of 255. Differently smoothed letters reach 4. */
const SAME = 6
const rsvg = programOnPath('rsvg-convert')
const missing = [...(CHROMIUM === null ? ['chromium'] : []), ...(rsvg === null ? ['rsvg-convert'] : [])]

/** Mean difference of two pictures of equal size in grey levels, in the tile where they differ most. */
interface Difference {
  readonly sizes: readonly (readonly [number, number])[]
  readonly worst: number
}

async function compare(page: Page, svg: string, png: string): Promise<Difference> {
  return page.evaluate(
    async ([a, b]) => {
      const images = await Promise.all(
        [a, b].map(async (source) => {
          const image = new Image()
          image.src = source as string
          await image.decode()
          return image
        }),
      )
      const [width, height] = [images[0]?.naturalWidth ?? 1, images[0]?.naturalHeight ?? 1]
      // Means of tiles of 40 pixels: fonts are smoothed differently, a missing arrow or text shows. A second grid is
      // shifted by half a tile, for the text that lies across two tiles of the first.
      const columns = Math.ceil(width / 40) + 1
      const rows = Math.ceil(height / 40) + 1
      const tiles = images.map((image) => {
        const canvas = new OffscreenCanvas(width, height)
        const pen = canvas.getContext('2d')
        if (pen === null) throw new Error('no canvas')
        pen.fillStyle = '#ffffff'
        pen.fillRect(0, 0, width, height)
        pen.drawImage(image, 0, 0, width, height)
        const { data } = pen.getImageData(0, 0, width, height)
        const sums = new Float64Array(2 * columns * rows)
        for (let i = 0; i < data.length; i += 4) {
          const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)]
          const grey = ((data[i] ?? 0) + (data[i + 1] ?? 0) + (data[i + 2] ?? 0)) / 3 / 1600
          for (const grid of [0, 1]) {
            const row = grid * rows + Math.floor((y + 20 * grid) / 40)
            const tile = row * columns + Math.floor(x / 40)
            sums[tile] = (sums[tile] ?? 0) + grey
          }
        }
        return sums
      })
      const differences = tiles[0]?.map((sum, index) => Math.abs(sum - (tiles[1]?.[index] ?? 0))) ?? []
      const worst = Math.max(...differences)
      return { sizes: images.map((image) => [image.naturalWidth, image.naturalHeight] as const), worst }
    },
    [svg, png],
  )
}

describe.skipIf(missing.length > 0)(
  `pictures in chromium and librsvg${missing.length > 0 ? ` (skipped: no ${missing.join(', no ')})` : ''}`,
  () => {
    let browser: Browser
    let page: Page
    beforeAll(async () => {
      browser = await launchChromium()
      page = await browser.newPage({ colorScheme: 'light' })
    })
    afterAll(async () => browser?.close())

    const svgUrl = (file: string): string =>
      `data:image/svg+xml;base64,${readFileSync(`${gallery}/${file}`).toString('base64')}`
    const pngUrl = (file: string): string =>
      `data:image/png;base64,${execFileSync(rsvg ?? '', [`${gallery}/${file}`], { maxBuffer: 1e8 }).toString('base64')}`

    it.each(pictures)('%s', async (file) => {
      const { sizes, worst } = await compare(page, svgUrl(file), pngUrl(file))
      expect(sizes[0]).toEqual(sizes[1])
      expect(worst).toBeLessThan(SAME)
    })

    it('sees a difference where there is one', async () => {
      const [file = ''] = pictures
      const svg = readFileSync(`${gallery}/${file}`, 'utf8')
      const labels = svg.match(/<text [^>]*pw-f-request[^>]*>[^<]+<\/text>/g) ?? []
      expect(labels.length).toBeGreaterThan(0)
      const without = `data:image/svg+xml;base64,${Buffer.from(svg.replace(labels[0] ?? '', '')).toString('base64')}`
      expect((await compare(page, without, pngUrl(file))).worst).toBeGreaterThan(SAME)
    })
  },
)
