/**
 * What to send for the key an autoboot prompt names, or an option does: `any`, `ctrl-c`, `space`, or
 * the character itself. For "any" a CR is sent: no bootloader takes it for a menu.
 */
export function keyBytes(name: string): string {
  const control = /^ctrl-([a-z])$/i.exec(name)?.[1]
  if (control !== undefined) return String.fromCharCode(control.toLowerCase().charCodeAt(0) & 0x1f)
  return namedKeys[name.toLowerCase()] ?? name
}

const namedKeys: Readonly<Record<string, string>> = {
  any: '\r',
  enter: '\r',
  space: ' ',
  esc: '\x1b',
}
