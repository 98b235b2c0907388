import type { AddressTable } from '../decode/addresses.js'
import { judgingPolicy } from './policy.js'

/** Texts of addresses, each made once: equal addresses are the same string, which makes look-ups by it fast. */
export class AddressTexts {
  private readonly version4 = new Map<number, string>()
  private readonly version6 = new Map<number, string>()

  constructor(private readonly addresses: AddressTable) {}

  /** `address` as it stands in the flow columns. */
  of(family: number, address: number): string {
    const texts = family === 6 ? this.version6 : this.version4
    let text = texts.get(address)
    if (text === undefined) {
      text = this.addresses.text(family === 6 ? 6 : 4, address)
      if (texts.size >= judgingPolicy.addressTexts) texts.clear()
      texts.set(address, text)
    }
    return text
  }
}
