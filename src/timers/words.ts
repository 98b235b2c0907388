import { endText, roleText } from '../facts/end-text.js'
import { componentName } from '../knowledge/look-up.js'
import { sentence } from '../knowledge/sentence.js'
import type { InferredTimer, Phase, Side } from '../result.js'
import type { LegEnd, LegRecord } from './leg-record.js'

/** How a sentence calls an end of a leg: its role, with its software where that adds something; else its address. */
export function endName(leg: LegRecord, side: Side): string {
  const name = nameOf(leg, side)
  const { role } = leg[side]
  const alike = role !== null && role === leg[side === 'client' ? 'server' : 'client'].role
  return alike ? `${name.replace(/ \(.*\)$/, '')} ${address(leg[side])}` : name
}

function nameOf(leg: LegRecord, side: Side): string {
  const end = leg[side]
  if (side === 'client' && end.role === 'client') return areMany(leg, side) ? 'the clients' : 'the client'
  const name = end.software === null ? null : componentName(end.software)
  if (end.role === null) return name === null ? `the ${side} ${address(end)}` : `${name} (${address(end)})`
  if (name === null || name.toLowerCase() === end.role.toLowerCase()) return roleText(end.role)
  return end.role === 'lb' ? name : `the ${end.role} (${name})`
}

function areMany(leg: LegRecord, side: Side): boolean {
  return side === 'client' && leg.client.role === 'client' && leg.client.ip.endsWith(' hosts')
}

function address({ ip, port }: LegEnd): string {
  return port === null ? ip : endText({ ip, port })
}

/** `closes`, or `close` for several clients. */
export function verb(leg: LegRecord, side: Side, singular: string): string {
  return areMany(leg, side) ? singular.replace(/s$/, '') : singular
}

/** Seconds with the digits that were measured: `5.002 s`, `60.000 s`. */
export function secondsText(value: number): string {
  return `${value < 1000 ? value.toFixed(3) : value.toFixed(1)} s`
}

/** Set or announced seconds: `5 s`, `7.5 s`. */
export function setText(value: number): string {
  return `${Math.round(value * 1000) / 1000} s`
}

function spreadText(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`
  const ms = seconds * 1000
  return ms >= 10 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`
}

type Told = Omit<InferredTimer, 'summary'>

/** `nginx gives up on the proxy after 60.000 s without a response: 23 of 23 closes, spread 4.0 ms.` */
export function timerSentence(leg: LegRecord, timer: Told, ticking: boolean): string {
  const who = endName(leg, timer.by)
  const does = (what: string): string => `${who} ${verb(leg, timer.by, what)}`
  const whom = endName(leg, timer.by === 'client' ? 'server' : 'client')
  const what = { silence: silenceText, age: ageText, requests: requestsText }[timer.kind](timer, does, whom)
  const counted = `${timer.closes} of ${timer.of} ${timer.of === 1 ? 'close' : 'closes'}`
  const spread =
    timer.closes > 1 && timer.kind !== 'requests' ? `, spread ${spreadText(timer.max - timer.min)}` : ''
  const poll = ticking ? ', as where idle connections are looked for now and then' : ''
  const told =
    timer.declaredSeconds === null
      ? ''
      : `; it announces ${setText(timer.declaredSeconds)} (Keep-Alive header)`
  const part = timer.sampled ? ', reckoned from an even sample' : ''
  return sentence(`${what}: ${counted}${spread}${poll}${part}${told}`)
}

const WAITS: Readonly<Partial<Record<Phase, string>>> = {
  'awaiting-response': 'without a response',
  'mid-response': 'without another byte of the response',
  'awaiting-request': 'without a request',
  'mid-request': 'in the middle of a request',
  tunnel: 'without a byte either way in a tunnel',
  'peer-not-reading': 'in which nothing was read',
}

function silenceText({ phase, value }: Told, does: (what: string) => string, whom: string): string {
  if (phase === 'between-requests')
    return `${does('closes')} connections with ${whom} that were idle for ${secondsText(value)}`
  return `${does('gives')} up on ${whom} after ${secondsText(value)} ${WAITS[phase] ?? ''}`
}

function ageText({ phase, min, max, value }: Told, does: (what: string) => string, whom: string): string {
  if (phase !== 'between-requests')
    return `${does('gives')} up on ${whom} ${secondsText(value)} after the connection was opened, ${phase === 'awaiting-request' || phase === 'mid-request' ? 'without a whole request' : (WAITS[phase] ?? '')}`
  return `${does('retires')} connections with ${whom} at an age of ${min === max ? secondsText(min) : `${min.toFixed(2)}–${secondsText(max)}`}`
}

function requestsText({ value }: Told, does: (what: string) => string, whom: string): string {
  return `${does('retires')} connections with ${whom} after ${value} requests`
}

/** What a server only announced. */
export function declaredSentence(leg: LegRecord, seconds: number): string {
  return sentence(
    `${endName(leg, 'server')} announces that it keeps idle connections for ${setText(seconds)} (Keep-Alive header); no close of this capture shows it`,
  )
}
