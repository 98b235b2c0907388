/** The tables of HPACK (RFC 7541, 2.3): a field by its index. */
import { MAX_HPACK_BYTES } from './policy.js'

/** A field as far as anything here asks for it. */
export interface TableField {
  readonly name: string
  /** At most the number of characters that a reader wants of it; empty for names that nobody asks for. */
  readonly value: string
  /** Length of the name before it was cut. */
  readonly nameBytes: number
}

/** RFC 7541, appendix A: entries 1 to 61. */
const STATIC: readonly TableField[] = (
  ':authority|:method GET|:method POST|:path /|:path /index.html|:scheme http|:scheme https|' +
  ':status 200|:status 204|:status 206|:status 304|:status 400|:status 404|:status 500|' +
  'accept-charset|accept-encoding gzip, deflate|accept-language|accept-ranges|accept|' +
  'access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|' +
  'content-encoding|content-language|content-length|content-location|content-range|content-type|' +
  'cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|' +
  'if-unmodified-since|last-modified|link|location|max-forwards|proxy-authenticate|' +
  'proxy-authorization|range|referer|refresh|retry-after|server|set-cookie|' +
  'strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate'
)
  .split('|')
  .map((field) => {
    const space = field.indexOf(' ')
    const name = space < 0 ? field : field.slice(0, space)
    return { name, value: space < 0 ? '' : field.slice(space + 1), nameBytes: name.length }
  })

/** What an entry counts beyond its name and value (RFC 7541, 4.1). */
const ENTRY_OVERHEAD = 32
/** Size before anything else is agreed on. */
const DEFAULT_SIZE = 4096

interface Entry extends TableField {
  readonly size: number
}

/** The fields that one direction's encoder has told of. */
export class HpackTable {
  private entries: Entry[] = []
  private oldest = 0
  private size = 0
  private limit = DEFAULT_SIZE
  /** Every header block so far has been read: without that, an index may mean another field. */
  private whole = true

  /** Header blocks went by unread: from now on only the static table counts. */
  lose(): void {
    this.whole = false
    this.clear()
  }

  /** Size as RFC 7541 (4.1) counts it: bytes of names and values, and 32 for each entry. */
  get bytes(): number {
    return this.size
  }

  /** The field with this index, counted from 1; null when it is not known. */
  at(index: number): TableField | null {
    if (index >= 1 && index <= STATIC.length) return STATIC[index - 1]
    const at = this.entries.length - (index - STATIC.length)
    return index > STATIC.length && at >= this.oldest ? this.entries[at] : null
  }

  /** Adds a field; `valueBytes` is the length of its value before it was cut. */
  add(field: TableField, valueBytes: number): void {
    if (!this.whole) return
    const size = field.nameBytes + valueBytes + ENTRY_OVERHEAD
    this.evict(this.limit - size)
    if (size > this.limit) return
    this.entries.push({ ...field, size })
    this.size += size
  }

  /** The encoder changes how much it uses. */
  resize(limit: number): void {
    if (limit > MAX_HPACK_BYTES) this.lose()
    this.limit = Math.min(limit, MAX_HPACK_BYTES)
    this.evict(this.limit)
  }

  private evict(to: number): void {
    while (this.size > to && this.oldest < this.entries.length) this.size -= this.entries[this.oldest++].size
    if (this.oldest === this.entries.length) this.clear()
    else if (this.oldest > 64 && this.oldest * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.oldest)
      this.oldest = 0
    }
  }

  private clear(): void {
    this.entries = []
    this.oldest = this.size = 0
  }
}
