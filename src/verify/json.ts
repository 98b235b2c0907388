/** The machine output of `verify`: every number of the answer, and the counts it was reckoned from. */
import { inertJson } from '../report/json-line.js'
import { passed, type Verification } from './verification.js'

/** Digits that are kept: a probability may be tiny, so a fixed number of decimals would lose it. */
const DIGITS = 12

/** One JSON document with a line break at its end. */
export function verificationJson(verification: Verification): string {
  const { comparison, fresh, expectations, result, inconclusiveAllowed } = verification
  const document = {
    schema: 'pcap-why/verify/1',
    answer: comparison?.answer ?? null,
    because: comparison?.because ?? null,
    result,
    passed: passed(verification),
    inconclusiveAllowed,
    level: comparison?.level ?? null,
    before: comparison?.before ?? null,
    fresh,
    causes: comparison?.causes ?? [],
    expectations,
  }
  const text = JSON.stringify(
    document,
    (_key, value: unknown) =>
      typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)
        ? Number(value.toPrecision(DIGITS))
        : value,
    1,
  )
  return `${inertJson(text)}\n`
}
