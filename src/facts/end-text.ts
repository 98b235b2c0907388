/** An address with its port, as sentences write it: `10.0.0.3:8000`, `[fd00::3]:8000`. */
export function endText({ ip, port }: { readonly ip: string; readonly port: number }): string {
  return `${hostText(ip)}:${port}`
}

/** An address beside which something else with colons may stand: `10.0.0.3`, `[fd00::3]`. */
export function hostText(ip: string): string {
  return ip.includes(':') ? `[${ip}]` : ip
}

/** A host by its role: `the proxy`; nginx is called by its name. */
export function roleText(role: string): string {
  return role === 'nginx' ? role : `the ${role}`
}
