import { expect, test } from 'vitest'
import { rotationsOf } from '../../src/capture/rotations.js'

/** Names of the files, in the order in which they begin, with the rotation that each is to be found in. */
const CASES: [what: string, names: readonly (readonly [name: string, rotation: string])[]][] = [
  [
    'one counter',
    [
      ['a-0.pcap', 'a'],
      ['a-1.pcap', 'a'],
      ['a-10.pcap', 'a'],
      ['a-11.pcap', 'a'],
    ],
  ],
  [
    'tcpdump -C',
    [
      ['a.pcap', 'a'],
      ['a.pcap1', 'a'],
      ['a.pcap2', 'a'],
    ],
  ],
  [
    'packed when they are older',
    [
      ['a.pcap0.gz', 'a'],
      ['a.pcap1.gz', 'a'],
      ['a.pcap2', 'a'],
    ],
  ],
  [
    'the newest has the lowest number',
    [
      ['a.pcap.2', 'a'],
      ['a.pcap.1', 'a'],
      ['a.pcap.0', 'a'],
    ],
  ],
  [
    'a ring of files',
    [
      ['a3', 'a'],
      ['a4', 'a'],
      ['a0', 'a'],
      ['a1', 'a'],
      ['a2', 'a'],
    ],
  ],
  [
    'numbers in any order',
    [
      ['a3', 'a'],
      ['a1', 'a'],
      ['a4', 'a'],
      ['a0', 'a'],
      ['a2', 'a'],
    ],
  ],
  [
    'date and time',
    [
      ['a-2026-11-20_23-59', 'a'],
      ['a-2026-11-21_00-00', 'a'],
      ['a-2026-11-21_00-01', 'a'],
    ],
  ],
  [
    'two names',
    [
      ['a0', 'a'],
      ['b0', 'b'],
      ['a1', 'a'],
      ['b1', 'b'],
    ],
  ],
  [
    'two folders',
    [
      ['web/0', 'w'],
      ['app/0', 'a'],
      ['web/1', 'w'],
      ['app/1', 'a'],
    ],
  ],
  [
    'two numbered hosts',
    [
      ['h1-0', '1'],
      ['h2-0', '2'],
      ['h1-1', '1'],
      ['h2-1', '2'],
    ],
  ],
  [
    'hosts named after the counter',
    [
      ['c0-h1', '1'],
      ['c0-h2', '2'],
      ['c1-h2', '2'],
      ['c1-h1', '1'],
    ],
  ],
  [
    'one host wrote files faster',
    [
      ['h1-0', '1'],
      ['h2-0', '2'],
      ['h1-1', '1'],
      ['h1-2', '1'],
      ['h2-1', '2'],
      ['h1-3', '1'],
    ],
  ],
  [
    'hosts named by their addresses',
    [
      ['10.0.0.1-00.pcap', 'x'],
      ['10.0.1.2-00.pcap', 'y'],
      ['10.0.0.1-01.pcap', 'x'],
      ['10.0.1.2-01.pcap', 'y'],
    ],
  ],
  [
    'rings of two hosts',
    [
      ['h1-2', '1'],
      ['h2-2', '2'],
      ['h1-0', '1'],
      ['h2-0', '2'],
      ['h2-1', '2'],
      ['h1-1', '1'],
    ],
  ],
]

test.each(CASES)('%s', (_, names) => {
  const found = rotationsOf(names.map(([name]) => name))
  const groups = (of: readonly unknown[]): number[] => of.map((one) => of.indexOf(one))
  expect(groups(found)).toEqual(groups(names.map(([, rotation]) => rotation)))
})

test('ten thousand files are told apart at once', () => {
  const names = Array.from(
    { length: 10_000 },
    (_, n) => `h${n % 7}-2026-11-${1 + Math.floor(n / 1440)}_${Math.floor(n / 60) % 24}-${n % 60}-${n}.pcap`,
  )
  expect(new Set(rotationsOf(names)).size).toBe(7)
})
