/** A message in netconsole's extended format, or a piece of one (Documentation/networking/netconsole.rst of Linux). */
export interface KernelMessage {
  /** Counts all messages of the kernel. */
  readonly sequence: number
  /** Microseconds on the kernel's clock. */
  readonly time: number
  /** Escapes are as the kernel wrote them. */
  readonly body: Buffer
  /** Of a piece: where it begins in the body, and how long that is in all, in bytes. */
  readonly piece: { readonly offset: number; readonly total: number } | undefined
}

/** `6,444,501151268,-,caller=T84;text`, maybe after a release: `6.4.0,6,444,...` */
const header = /^(?:\d[^,;\n]{0,127},)?\d{1,3},(\d{1,16}),(\d{1,16}),[-c+]([^;\n]{0,200});/
const pieceField = /,ncfrag=(\d{1,6})\/(\d{1,6})/

/** @returns `undefined` for what is not in the extended format: plain text */
export function readMessage(datagram: Buffer): KernelMessage | undefined {
  const found = header.exec(datagram.subarray(0, 512).toString('latin1'))
  if (found === null) return undefined
  const [all, sequence, time, fields = ''] = found
  const piece = pieceField.exec(fields)
  return {
    sequence: Number(sequence),
    time: Number(time),
    body: datagram.subarray(all.length),
    piece: piece === null ? undefined : { offset: Number(piece[1]), total: Number(piece[2]) },
  }
}

/** The lines that a serial console would show of it, in latin1; what a kernel knows beside the text is left out. */
export function textOf({ time, body }: Pick<KernelMessage, 'time' | 'body'>): string {
  const [text = ''] = body.toString('latin1').split('\n', 1)
  const stamp = `[${String(Math.floor(time / 1e6)).padStart(5)}.${String(time % 1e6).padStart(6, '0')}] `
  const unescaped = text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  )
  return unescaped
    .split('\n')
    .map((line) => `${stamp}${line}\r\n`)
    .join('')
}
