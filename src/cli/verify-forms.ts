/** The forms of the answer: text or one machine form on standard output, the others into files. */
import { writeFile } from 'node:fs/promises'
import type { Verification } from '../verify/verification.js'
import { diagnostics } from './diagnostics.js'
import { note } from './failure.js'
import { lookOf } from './look.js'
import type { Output } from './output.js'
import { notWritten } from './system-trouble.js'
import { UsageError } from './usage-error.js'
import type { Compared, VerifyFlags } from './verify-flags.js'

async function put(path: string, text: string, option: string): Promise<void> {
  if (/\.(pcap|pcapng|cap|dmp)\d*(\.gz)?$/i.test(path))
    throw new UsageError(`${option} ${path} would overwrite a capture`)
  try {
    await writeFile(path, text)
  } catch (error) {
    throw notWritten(path, option, error)
  }
}

/** With --anonymize every form names the same pseudonyms. */
async function shown(
  verification: Verification,
  compared: Compared,
  anonymize: boolean,
): Promise<{ verification: Verification; compared: Compared }> {
  if (!anonymize) return { verification, compared }
  const { Pseudonyms } = await import('../report/pseudonyms.js')
  const names = new Pseudonyms()
  const before = compared.before === null ? null : names.report(compared.before)
  const fresh = names.report(compared.fresh)
  return {
    verification: names.of(verification),
    compared: { ...compared, before, fresh, renamed: (report) => names.report(report) },
  }
}

/** Writes every form that was asked for. */
export async function writeForms(
  plain: Verification,
  sources: Compared,
  flags: VerifyFlags,
  out: Output,
): Promise<void> {
  const { verification, compared } = await shown(plain, sources, flags.anonymize === true)
  await drawn(verification, compared, flags)
  let onStdout = false
  if (flags.json === true) {
    const { verificationJson } = await import('../verify/json.js')
    await out.write([verificationJson(verification)])
    onStdout = true
  }
  if (flags.markdown !== undefined) {
    const { verificationMarkdown } = await import('../verify/markdown.js')
    const text = verificationMarkdown(verification)
    if (flags.markdown === '-') await out.write([text])
    else await put(flags.markdown, text, '--markdown')
    onStdout ||= flags.markdown === '-'
  }
  if (flags.junit !== undefined) {
    const { verificationJunit } = await import('../verify/junit.js')
    const text = verificationJunit(verification)
    if (flags.junit === '-') await out.write([text])
    else await put(flags.junit, text, '--junit')
    onStdout ||= flags.junit === '-'
  }
  if (onStdout) return
  const { verificationText } = await import('../verify/text.js')
  const look = lookOf(process.stdout, process.env, flags.color)
  await out.write(verificationText(verification, look, flags.quiet === true))
}

async function drawn(verification: Verification, compared: Compared, flags: VerifyFlags): Promise<void> {
  if (flags.svg === undefined || compared.before === null || verification.comparison === null) return
  const { pictureOf } = await import('./verify-picture.js')
  const svg = await pictureOf(verification.comparison, compared)
  if (svg === null) {
    diagnostics().write(note('nothing was drawn: the capture before shows no problem'))
    return
  }
  await put(flags.svg, svg, '--svg')
  if (flags.quiet !== true) diagnostics().write(note(`drawn into ${flags.svg}`))
}
