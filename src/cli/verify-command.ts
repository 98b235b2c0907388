/** What `verify` can be asked, in words. */
import { Option, type Command } from 'commander'
import { parseClasses } from './option-values.js'
import type { VerifyFlags } from './verify-flags.js'

const VERIFY_HELP = `
Rules of --expect (one a line in a file, # for comments):
  fixed                     as --before alone demands it
  no keepalive-race         none, and enough requests to tell
  no problems               the same of every class
  idle-timeout<=2           at most so many in this capture
  client-abort<1%           at most such a share, at 95 %
  timer nginx.proxy_read_timeout>=600s
                            it fired no sooner, or let as long a wait pass

Examples:
  pcap-why verify fresh.pcap --before incident.pcap
  pcap-why verify fresh.pcap --before incident.json     what --json saved
  pcap-why verify fresh.pcap --before incident.pcap --svg fixed.svg
  pcap-why verify ci.pcap --expect 'no keepalive-race' --junit verify.xml

Exit status: 0 fixed and all expectations hold, 1 not fixed, one fails, or
inconclusive, 2 wrong usage or unreadable input.`

/** Adds the command. `hostOptions` adds the options that it shares with the other commands. */
export function addVerify(
  program: Command,
  hostOptions: (command: Command) => void,
  run: (captures: string[], flags: VerifyFlags) => Promise<void>,
): void {
  const list = (text: string, before: string[] = []): string[] => [...before, text]
  const command = program
    .command('verify')
    .description('is it fixed? compare a fresh capture with one from before, or hold it against expectations')
    .argument('<fresh...>', 'the capture made after the change; - reads standard input')
    .addOption(
      new Option(
        '--before <capture|report.json>',
        'the capture with the problem, or what --json saved of it; repeatable',
      ).argParser(list),
    )
    .addOption(new Option('--expect <rule>', 'what has to hold; repeatable').argParser(list))
    .addOption(new Option('--expect-file <file>', 'the same from a file; repeatable').argParser(list))
    .option('--class <class,...>', 'only these classes decide', (text: string) =>
      parseClasses(text, '--class'),
    )
    .option('--allow-inconclusive', 'exit with 0 although the evidence is short')
    .option('--json', 'the answer as one JSON document, with all numbers it rests on')
    .option('--markdown <file>', 'the answer as Markdown; - writes it to standard output')
    .option('--junit <file>', 'one test case for each expectation; - writes it to standard output')
    .option('--svg <file>', 'draw a connection before and after, with both distributions')
  hostOptions(command)
  command
    .option('--anonymize', 'addresses and host names by pseudonyms')
    .option('--show-secrets', 'do not mask tokens and cookies in what is quoted from packets')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('--quiet', 'the answer only, no progress')
    .addHelpText('after', VERIFY_HELP)
    .action((captures: string[], flags: VerifyFlags) => run(captures, flags))
}
