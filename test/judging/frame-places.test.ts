/** Whatever a capture is cut into, every frame that is named is the same packet: its file and its number there lead back to it. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { tellStory } from '../../src/diagram/tell-story.js'
import type { FlowReport, FramePlace, Report } from '../../src/result.js'
import { cutCapture, frameBeforeCut } from '../helpers/cut-capture.js'

const NAMED = /\b(frames? )(\d+)(?: of caps\/(\d+)\.pcap)?(?: and (\d+)(?: of caps\/(\d+)\.pcap)?)?/g
const SHOWN = /#(?:(\d+):)?(\d+)(?:–(?:(\d+):)?(\d+))?/g

/** Numbers of frames as they were before the capture was cut. */
class BeforeCut {
  constructor(
    private readonly own: number,
    private readonly each: number,
  ) {}

  number(frame: number, capture?: number): number {
    return frameBeforeCut(this.own, this.each, { frame, ...(capture !== undefined && { capture }) })
  }

  place(place: FramePlace | null): number | null {
    return place === null ? null : this.number(place.frame, place.capture)
  }

  /** `frame 3 of caps/007.pcap` as the number it had. */
  text(text: string): string {
    const number = (frame: string, file: string | undefined): number =>
      this.number(Number(frame), file === undefined ? this.own : Number(file))
    return text.replace(
      NAMED,
      (_: string, word: string, one: string, file?: string, other?: string, its?: string) =>
        `${word}${number(one, file)}${other === undefined ? '' : ` and ${number(other, its)}`}`,
    )
  }

  /** `#8:3–5` of a picture as the number it had. */
  shown(text: string): string {
    const number = (file: string | undefined, frame: string): number =>
      this.number(Number(frame), file === undefined ? this.own : Number(file) - 1)
    return text.replace(SHOWN, (_: string, file: string, from: string, toFile?: string, to?: string) => {
      const until = to === undefined ? '' : `–${number(toFile ?? file, to)}`
      return `#${number(file, from)}${until}`
    })
  }
}

/** All frames that a flow's report names, its pictures' too. */
function framesTold(report: Report, flow: FlowReport, each: number): unknown {
  const { close, verdict, ladder } = flow
  const cut = new BeforeCut(each === 0 ? 0 : flow.capture, each)
  const story = tellStory(report, flow.stream)
  return {
    stream: flow.stream,
    closes: [close.first, close.second, close.lastData].map((place) => cut.place(place)),
    evidence: verdict.evidence.map((one) => [cut.place(one), cut.text(one.text)]),
    notThis: verdict.notThis.map(({ because }) => cut.text(because)),
    remarks: verdict.remarks.filter((text) => !/numbered in/.test(text)).map((text) => cut.text(text)),
    ladder: ladder.map((row) => ({
      frame: cut.place(row),
      last: cut.number(row.lastFrame, row.lastCapture),
      crosses: row.crosses === null ? null : cut.number(row.crosses, row.crossesCapture),
      answers: row.answers == null ? null : cut.number(row.answers, row.answersCapture),
      label: row.label,
      part: row.part,
    })),
    // Of several captures the silence to their end is not drawn.
    picture: story.rows.flatMap<unknown>((row) => {
      if (row.kind === 'arrow') return [[cut.shown(row.frames), cut.shown(row.label), row.part]]
      return row.label.endsWith('to the end of the capture') ? [] : [row.label]
    }),
    why: story.why.map(({ frames, text }) => [cut.shown(frames), cut.text(text)]),
  }
}

function requestsTold({ requests = [] }: Report, each: number): unknown {
  return requests.map(({ legs }) =>
    legs.map(({ capture, stream, opened, request, answer, reset = null, close }) => {
      const cut = new BeforeCut(each === 0 ? 0 : capture, each)
      return [stream, ...[opened, request, answer, reset, close].map((place) => cut.place(place))]
    }),
  )
}

test.each([
  ['client-abort', 6],
  ['race-rst-crossing', 5],
  ['race-stale-reuse', 5],
  ['forgotten-nat', 5],
  ['forged-rst-idle', 6],
  ['vanished-app', 7],
])('%s in files of %d frames names the same packets', async (name, each) => {
  const bytes = readFileSync(new URL(`../../captures/${name}/capture.pcap`, import.meta.url))
  const whole = await analyze([new MemorySource(bytes, 'whole.pcap')], { all: true })
  const cut = await analyze(cutCapture(bytes, each), { all: true })
  const byStream = new Map(cut.flows.map((flow) => [flow.stream, flow]))
  expect(byStream.size).toBe(whole.flows.length)
  for (const flow of whole.flows) {
    const other = byStream.get(flow.stream)
    expect(other && framesTold(cut, other, each)).toEqual(framesTold(whole, flow, 0))
  }
  expect(requestsTold(cut, each)).toEqual(requestsTold(whole, 0))
  expect(JSON.stringify(whole)).not.toMatch(/"(?:last|crosses|answers)?[cC]apture":[1-9]/)
})
