/**
 * A title without what differs from boot to boot and board to board: addresses, numbers, process ids,
 * names of devices. What is left names the bug.
 */
export function signatureOf(title: string): string {
  return title
    .slice(0, 400)
    .replaceAll(/\b(?:syz-)?executor\.?\d{1,16}\b/g, 'executor')
    .replaceAll(/\+0x[0-9a-f]{1,16}\/0x[0-9a-f]{1,16}/g, '')
    .replaceAll(/\.(?:isra|part|constprop|cold|llvm)\.?\d{0,20}/g, '')
    .replaceAll(/\b0x[0-9a-f]{1,16}\b/gi, 'ADDR')
    .replaceAll(/\b[0-9a-f]{8,16}\b/g, (word) => (/[0-9]/.test(word) ? 'ADDR' : word))
    .replaceAll(/(^|[^\w.])\d{1,20}(?!\w)/g, '$1NUM')
    .replaceAll(/\s{1,80}/g, ' ')
    .trim()
}
