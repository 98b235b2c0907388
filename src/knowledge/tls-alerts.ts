/** Level of alerts that end the connection (RFC 5246 7.2; TLS 1.3 has but few that are not). */
export const FATAL_ALERT = 2

/** Names of TLS alerts by their description (RFC 8446 B.2, and of older versions RFC 5246 A.3). */
const NAMES: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  60: 'export_restriction',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  111: 'certificate_unobtainable',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  114: 'bad_certificate_hash_value',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
}
const ABOUT_CERTIFICATES = new Set([41, 42, 43, 44, 45, 46, 48, 111, 113, 114, 116])
const ABOUT_PARAMETERS = new Set([40, 47, 70, 71, 86, 109, 110, 120])
const ABOUT_NAMES = new Set([112])

/** `handshake_failure (40)`; of descriptions that no RFC names the number alone. */
export function alertName(description: number): string {
  const name = NAMES[description]
  return name === undefined ? `number ${description}` : `${name} (${description})`
}

/** What such an alert is about: the other end's certificate, what both ends support, the name asked for, or something else. */
export function alertSubject(description: number): 'certificate' | 'parameters' | 'name' | 'other' {
  if (ABOUT_CERTIFICATES.has(description)) return 'certificate'
  if (ABOUT_PARAMETERS.has(description)) return 'parameters'
  return ABOUT_NAMES.has(description) ? 'name' : 'other'
}
