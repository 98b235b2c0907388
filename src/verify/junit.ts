/** JUnit's XML, as CI servers read it: the comparison and each expectation are one test case. */
import { plainText } from '../report/plain-text.js'
import { OUTCOMES, type Outcome } from './expectations.js'
import type { Verification } from './verification.js'

interface TestCase {
  readonly name: string
  readonly outcome: Outcome['outcome']
  readonly because: string
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text that may come from packets, made fit for XML: no control character may stand in it, not even escaped. */
function xmlText(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
}

function casesOf({ comparison, expectations }: Verification): TestCase[] {
  const compared: TestCase[] =
    comparison === null
      ? []
      : [{ name: 'is it fixed', outcome: OUTCOMES[comparison.answer], because: comparison.because }]
  return [
    ...compared,
    ...expectations.map(({ rule, outcome, because }) => ({ name: rule, outcome, because })),
  ]
}

function caseLines(one: TestCase, allowed: boolean, suite: string): string[] {
  const head = `    <testcase classname="${suite}" name="${xmlText(one.name)}"`
  if (one.outcome === 'holds') {
    return [`${head}>`, `      <system-out>${xmlText(one.because)}</system-out>`, '    </testcase>']
  }
  const why = xmlText(one.outcome === 'inconclusive' ? `inconclusive: ${one.because}` : one.because)
  // An inconclusive one that is allowed is no failure, and no success either.
  const body =
    one.outcome === 'inconclusive' && allowed
      ? `      <skipped message="${why}"/>`
      : `      <failure type="${one.outcome === 'fails' ? 'expectation' : 'inconclusive'}" message="${why}"/>`
  return [`${head}>`, body, '    </testcase>']
}

/** One XML document. */
export function verificationJunit(verification: Verification): string {
  const cases = casesOf(verification)
  const allowed = verification.inconclusiveAllowed
  const skipped = allowed ? cases.filter(({ outcome }) => outcome === 'inconclusive').length : 0
  const failures = cases.filter(({ outcome }) => outcome !== 'holds').length - skipped
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`
  const suite = xmlText(`pcap-why verify ${verification.fresh.files.join(' ')}`)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${suite}" ${counts}>`,
    ...cases.flatMap((one) => caseLines(one, allowed, suite)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}
