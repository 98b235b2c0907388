/** IEEE 802.11 data frames and the radio headers before them: radiotap, Prism/AVS, PPI. */
import { u32 } from './big-endian.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'

const TYPE_DATA = 2
const SUBTYPE_QOS = 8
const SUBTYPE_NO_DATA = 4
const TO_DS = 1
const FROM_DS = 2
const PROTECTED = 0x40
const ORDER = 0x80
/** In the quality of service field: the body is several frames. */
const A_MSDU_PRESENT = 0x80

/** A data frame's header is 24 bytes, with more for bridges, quality of service and high throughput control; LLC follows. */
export function wlan(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  return wlanFrame(bytes, at, end, frame, 0)
}

/** The same when the file keeps the frame check sequence at the end. */
export function wlanWithFcs(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  return wlanFrame(bytes, at, end, frame, 4)
}

/** The same with the two bytes of the frame control field swapped. */
export function wlanSwapped(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  return wlanFrame(bytes, at, end, frame, 0, 1)
}

function wlanFrame(
  bytes: Uint8Array,
  at: number,
  end: number,
  frame: Frame,
  padding: number,
  swapped: 0 | 1 = 0,
): number {
  if (at + 24 > end)
    return at + 2 > end || ((bytes[at + swapped] >> 2) & 3) === TYPE_DATA ? layer.CUT_SHORT : layer.NOT_IP
  const control = bytes[at + swapped]
  const flags = bytes[at + 1 - swapped]
  const subtype = control >> 4
  if (((control >> 2) & 3) !== TYPE_DATA || (subtype & SUBTYPE_NO_DATA) !== 0) return layer.NOT_IP
  if ((flags & PROTECTED) !== 0) return layer.ENCRYPTED
  let header = 24
  if ((flags & (TO_DS | FROM_DS)) === (TO_DS | FROM_DS)) header += 6
  let body: number = layer.LLC
  if ((subtype & SUBTYPE_QOS) !== 0) {
    if (at + header < end && (bytes[at + header] & A_MSDU_PRESENT) !== 0) body = layer.A_MSDU
    header += 2
    if ((flags & ORDER) !== 0) header += 4
  }
  if (padding > 0 && frame.wireEnd - padding > at + header) frame.limit(at, frame.wireEnd - padding - at)
  frame.at = at + header
  return frame.at > end ? layer.CUT_SHORT : body
}

/** Radiotap: little-endian length; bit 4 of the flags field tells whether the frame check sequence is kept. */
export function radiotap(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  const length = bytes[at + 2] | (bytes[at + 3] << 8)
  if (length < 8) return layer.MALFORMED
  frame.at = at + length
  if (frame.at > end) return layer.CUT_SHORT
  const flags = radiotapFlags(bytes, at, at + length)
  if ((flags & 0x20) !== 0) return layer.WLAN_PADDED + ((flags & 0x10) !== 0 ? 1 : 0)
  return (flags & 0x10) !== 0 ? layer.WLAN_WITH_FCS : layer.WLAN
}

/** The flags field comes first but for the time stamp (8 bytes, aligned to 8); 0 when it isn't there. */
function radiotapFlags(bytes: Uint8Array, at: number, end: number): number {
  const present = bytes[at + 4]
  if ((present & 2) === 0) return 0
  let field = at + 8
  for (let word = at + 4; word + 4 <= end && (bytes[word + 3] & 0x80) !== 0; word += 4) field += 4
  if ((present & 1) !== 0) field = at + ((field - at + 7) & ~7) + 8
  return field < end ? bytes[field] : 0
}

/** A frame whose 802.11 header is padded to 32 bits before the body. */
export function wlanPadded(
  bytes: Uint8Array,
  at: number,
  end: number,
  frame: Frame,
  padding: number,
): number {
  const next = wlanFrame(bytes, at, end, frame, padding)
  if (next === layer.LLC || next === layer.A_MSDU) frame.at = at + ((frame.at - at + 3) & ~3)
  return next
}

/** Prism monitor header (144 bytes) or AVS, which takes its place at times. */
export function prism(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  const magic = u32(bytes, at)
  const avs = magic >= 0x80211000 && magic <= 0x802110ff
  frame.at = at + (avs ? u32(bytes, at + 4) : 144)
  return frame.at > end ? layer.CUT_SHORT : layer.WLAN
}

/** Per-packet information: little-endian length and the link type of what follows. */
export function ppi(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  const length = bytes[at + 2] | (bytes[at + 3] << 8)
  if (length < 8) return layer.MALFORMED
  frame.at = at + length
  if (frame.at > end) return layer.CUT_SHORT
  frame.protocol = bytes[at + 4] | (bytes[at + 5] << 8)
  if (frame.protocol !== 105) return layer.LINK_TYPE
  return (ppiFlags(bytes, at, at + length) & 1) !== 0 ? layer.WLAN_WITH_FCS : layer.WLAN
}

/** Flags of PPI's 802.11-Common field (type 2); bit 0: the frame check sequence is kept. */
function ppiFlags(bytes: Uint8Array, at: number, end: number): number {
  for (let field = at + 8; field + 4 <= end;) {
    const type = bytes[field] | (bytes[field + 1] << 8)
    const length = bytes[field + 2] | (bytes[field + 3] << 8)
    if (type === 2 && field + 14 <= end) return bytes[field + 12]
    field += 4 + length
  }
  return 0
}
