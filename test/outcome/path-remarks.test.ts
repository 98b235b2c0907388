import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { ladderFile, ladderPackets, type LadderOptions } from '../helpers/ladder.js'
import { get, ok, opens, reportOf, verdictOf } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const SERVED = `${A}
    ${opens('a')}
    a > P. ${get()}
    a < P. ${ok()}
    a > .`
const RST_AT_END = `${SERVED}\n +1 a > R.`
const ROUTER: LadderOptions = { link: 'LINUX_SLL2', twice: 'router' }

/** The remarks on a ladder whose packets were seen twice, without the frames (1-based) that are named. */
async function remarks(text: string, without: readonly number[] = [], options = ROUTER): Promise<string> {
  const packets = ladderPackets(text, options).filter((_, n) => !without.includes(n + 1))
  const report = await analyze([new MemorySource(ladderFile(packets, options), 'copies.pcap')], { all: true })
  return report.flows[0]?.verdict.remarks.join('\n') ?? 'no flow'
}

describe('the way of packets through the capturing host', () => {
  test.each(['bridge', 'router'] as const)('%s: each packet twice, on two interfaces', async (twice) => {
    const text = await remarks(RST_AT_END, [], { link: 'LINUX_SLL2', twice })
    expect(text).toMatch(/seen 2 times each on their way through this host: interface \d+, then \d+/)
    expect(text).not.toContain('dropped')
    expect(text).not.toContain('made on this host')
  })

  test('without copies nothing is said', async () => {
    expect(await remarks(RST_AT_END, [], { link: 'LINUX_SLL2' })).not.toContain('this host')
  })

  test('a RST that came in and was not seen further on', async () => {
    expect(await remarks(RST_AT_END, [14])).toMatch(
      /the RST of the client \(frame 13\) was seen where its packets come first and not further on, unlike all 4 packets before it: it was dropped on this host between interface \d+ and \d+, or the capture missed/,
    )
  })

  test('a RST that was seen only further on was made here', async () => {
    expect(await remarks(RST_AT_END, [13])).toMatch(
      /the RST in the name of the client \(frame 13\) .* it was made on this host/,
    )
  })

  test('a FIN that was seen only further on was made here', async () => {
    expect(await remarks(`${SERVED}\n +1 a > F.`, [13])).toMatch(
      /the FIN in the name of the client \(frame 13\) was seen only further on, .* unlike all 4 others of this side: it was made on this host, or the capture missed its arrival/,
    )
  })

  const MIDDLE = `${SERVED}\n +1 a > P. 'injected' ttl 30\n a < . \n +1 a > P. 'more'\n a < .`
  test('data that was seen only further on, with a TTL of its own, was made here', async () => {
    expect(await remarks(MIDDLE, [13])).toMatch(
      /data in the name of the client \(frame 13\) .* unlike all 5 others of this side, and its TTL is another: it was made on this host/,
    )
  })

  test('near miss: the same with the TTL of all others may have been missed where it came in', async () => {
    expect(await remarks(MIDDLE.replace('ttl 30', ''), [13])).not.toContain('made on this host')
  })

  test('near miss: two such packets are a capture that misses packets', async () => {
    const text = `${SERVED}\n +1 a > P. 'one'\n a < .\n +1 a > F.\n a < .`
    expect(await remarks(text, [13, 17])).not.toContain('made on this host')
  })

  test('near miss: other copies are missing too, so the capture loses packets', async () => {
    expect(await remarks(RST_AT_END, [8, 14])).not.toContain('dropped')
  })

  test('a request that is sent again and again and never passes', async () => {
    const text = `${SERVED}\n +1 a > P. ${get()}\n +0.3 a > P. again\n +0.6 a > P. again`
    expect(await remarks(text, [14, 16, 18])).toMatch(
      /the data of the client \(frame 13\) and its 2 retransmissions were never seen further on nor acknowledged/,
    )
  })

  test('near miss: one missing copy of a segment that was acknowledged', async () => {
    const text = `${SERVED}\n +1 a > P. ${get()}\n a < P. ${ok()}`
    expect(await remarks(text, [14])).not.toContain('dropped')
  })

  test('near miss: one sending without a copy at the end of the capture', async () => {
    expect(await remarks(`${SERVED}\n +1 a > P. ${get()}`, [14])).not.toContain('dropped')
  })

  /** Connections b, c, d to the server are passed on, whoever opens them. */
  const others = (...names: string[]): string =>
    names
      .map(
        (name, n) =>
          `flow ${name} 10.0.0.${10 + n}:500 > 10.0.0.3:80 ts\n ${opens(name)}\n ${name} > F.\n ${name} < F.`,
      )
      .join('\n')
  const SYNS = `${A}\n a > S\n +1 a > S again\n +2 a > S again`
  /** The remarks on flow a, whose packets were seen once each and all others twice. */
  async function onceOnly(text: string): Promise<string> {
    const packets = ladderPackets(text, ROUTER).filter(
      ({ bytes }, n, all) => !isFrom40122(bytes) || all.findIndex((p) => sameSyn(p.bytes, bytes)) === n,
    )
    const report = await analyze([new MemorySource(ladderFile(packets, ROUTER), 'copies.pcap')], {
      all: true,
    })
    const flow = report.flows.find(({ client }) => client.ip === '10.0.0.2')
    return flow?.verdict.remarks.join('\n') ?? 'no flow'
  }
  const isFrom40122 = (bytes: Uint8Array): boolean => ((bytes[20] << 8) | bytes[21]) === 40122
  /** The same packet but for TTL and checksum: IP identification, addresses and all of TCP are alike. */
  const sameSyn = (a: Uint8Array, b: Uint8Array): boolean =>
    a.length === b.length && a.every((byte, n) => (n >= 8 && n < 12) || byte === b[n])

  test('a SYN that is never passed on, unlike packets of others', async () => {
    expect(await onceOnly(`${others('b', 'c', 'd')}\n${SYNS}`)).toMatch(
      /the SYN \(frame \d+\) and its 2 retransmissions were seen at interface \d+ and never further on, unlike packets of 3 other connections to 10\.0\.0\.3: they were dropped on this host, or the capture missed those copies/,
    )
  })

  test('near miss: two others prove too little', async () => {
    expect(await onceOnly(`${others('b', 'c')}\n${SYNS}`)).not.toContain('dropped')
  })

  test('near miss: one SYN alone may be a copy that the capture missed', async () => {
    expect(await onceOnly(`${others('b', 'c', 'd')}\n${A}\n a > S`)).not.toContain('dropped')
  })

  test('near miss: it was answered', async () => {
    expect(await onceOnly(`${others('b', 'c', 'd')}\n${SYNS}\n a < S.`)).not.toContain('dropped')
  })

  test('near miss: it went on under another address', async () => {
    const both = ['S', 'S again'].map((flags) => `+1 a > ${flags}\n +0.00002 n > ${flags}`).join('\n')
    const text = `${others('b', 'c', 'd')}\n${A} isn 77/88\n flow n 10.9.9.9:40122 > 10.0.0.3:8000 ts isn 77/88\n${both}`
    expect(await onceOnly(text)).not.toContain('dropped')
  })

  test('a real router whose firewall drops the SYNs to one port', async () => {
    // tcpdump -i any on a Linux router between two namespaces: four downloads, then curl to a port with a DROP rule in FORWARD.
    const bytes = new Uint8Array(readFileSync('test/outcome/router-drops-syn.pcap'))
    const report = await analyze([new MemorySource(bytes, 'capture.pcap')], { all: true })
    const told = report.flows.map(
      (flow) => flow.verdict.remarks.find((text) => text.includes('dropped')) ?? '',
    )
    expect(told.slice(0, 4)).toEqual(['', '', '', ''])
    expect(told[4]).toMatch(
      /^the SYN \(frame 97\) and its 4 retransmissions were seen at interface 2 and never/,
    )
  })

  test('a capture of a container host: the way is told, no drop is claimed', async () => {
    const bytes = new Uint8Array(readFileSync('captures/container-host/capture.pcap'))
    const report = await analyze([new MemorySource(bytes, 'capture.pcap')], { all: true })
    const all = report.flows.flatMap((flow) => flow.verdict.remarks).join('\n')
    expect(all).toMatch(/seen [23] times each on their way through this host: interface \d+, then \d+/)
    expect(all).not.toContain('dropped on this host')
    expect(all).not.toContain('made on this host')
  })
})

describe('capture loss is told apart from network loss', () => {
  test('acknowledged but not captured: the capture missed it', async () => {
    const flow = await verdictOf(
      `${A}\n ${opens('a')}\n a > P. ${get()}\n a < P. ${ok(3000, 100)}\n a > . ack 3046`,
    )
    expect(flow.verdict.remarks.join('\n')).toMatch(
      /\d+ bytes from the server were acknowledged but are not in the capture: they arrived/,
    )
  })

  test('a gap that is filled later: lost on the way', async () => {
    const flow = await verdictOf(
      `${A}\n ${opens('a')}\n a > P. ${get()}\n a < P. seq 101 len 100\n a > .  ack 1\n +0.3 a < P. seq 1 len 100`,
    )
    const text = flow.verdict.remarks.join('\n')
    expect(text).toContain('100 bytes from the server filled a gap later')
    expect(text).not.toContain('not in the capture')
  })
})

describe('bytes that the capture missed', () => {
  const acked = async (number: number): Promise<string> => {
    const flow = await verdictOf(`${A}\n ${opens('a')}\n a > P. ${get()}\n a < . ack ${number}\n +1 a > F.`)
    return flow.verdict.remarks.join('\n')
  }

  test('are told as far as an ACK number covers them', async () => {
    expect(await acked(5000)).toMatch(
      /\d+ bytes from the client were acknowledged but are not in the capture/,
    )
  })

  test('near miss: a number no window reaches is none of this connection', async () => {
    expect(await acked(2_000_000_000)).not.toContain('acknowledged but are not in the capture')
  })
})

describe('what does not arrive', () => {
  const remarksOf = async (text: string): Promise<string> =>
    (await verdictOf(text)).verdict.remarks.join('\n')
  /** Three copies of a large segment; `end` comes at 30 s. */
  const lost = (end: string, between = ''): string => `${A}
    ${opens('a')}
    a > P. ${get()}
    a < .
    1.0 a < P. ${ok(5000, 1300)}
    ${between}
    1.2 a < P. again
    1.6 a < P. again
    2.4 a < P. again
    30 ${end}`

  test('bytes that are sent again and again to an end that is alive', async () => {
    expect(await remarksOf(lost('a > F. unseen 4'))).toMatch(
      /the last \d+ bytes of the server were never acknowledged, although sent again \(3 retransmissions in all\), and the client was alive \(frame 10\): .* path MTU that is not told/,
    )
  })

  test('the size that fits was told and changed nothing', async () => {
    const text = await remarksOf(lost('a > F. unseen 4', '1.01 a > icmp 3/4 from 10.9.9.9'))
    expect(text).toMatch(/and the ICMP error that tells how large they may be \(frame 7\) changed nothing/)
    expect(text).toMatch(
      /10\.9\.9\.9 told the server with ICMP that its segment was not delivered: packet too big/,
    )
  })

  test('near miss: they were acknowledged in the end', async () => {
    expect(await remarksOf(lost('a > F.'))).not.toContain('never acknowledged')
  })

  test('near miss: nothing more came from the other end', async () => {
    expect(await remarksOf(lost('a < . probe'))).not.toContain('was alive')
  })

  test('a client that waits for such a response has waited since its request', async () => {
    const { verdict } = await verdictOf(lost('a > F. unseen 4'))
    expect(verdict.summary).toMatch(/after (29\.99\d|30\.000) s/)
    expect(verdict.fix).toEqual([
      expect.stringMatching(/^find out why what the server .* does not get through/),
    ])
  })

  test('no longer timer is advised for it', async () => {
    const { findings } = await reportOf(lost('a > F. unseen 4'))
    expect(findings[0]?.fix.join(' ')).not.toMatch(/set the timer|Raise/)
  })
})
