import { timeStampSource } from './time-stamp.ts'

/**
 * What tells a message that the kernel wrote to the console from a program that prints one, such as
 * `dmesg`: the CR LF the kernel always ends it with, on a terminal that adds none; or, where the
 * terminal does, that it is not older than the command.
 */
export type KernelLineSign =
  | { readonly by: 'line-end' }
  /** @param since kernel time in seconds from which on a line is the kernel's */
  | { readonly by: 'time'; readonly since: number }

export interface SplitOutput {
  /** What programs printed, every line ended by LF. */
  readonly text: string
  /** In order, without line ends. */
  readonly kernelLines: readonly string[]
}

/**
 * Takes kernel messages out of the output of a command. One may begin in mid-line: what the program
 * had printed of that line, and prints after the message, is one line again.
 */
export function takeOutKernelLines(output: string, sign: KernelLineSign): SplitOutput {
  if (!output.includes(']')) return { text: withoutReturns(output), kernelLines: [] }
  const kernelLines: string[] = []
  let text = ''
  for (const line of linesOf(output)) {
    const start = kernelMessageStart(line, sign)
    // Told apart by time alone, a message that comes again is shown by a program.
    if (start === undefined || (sign.by === 'time' && kernelLines.includes(withoutEnd(line.slice(start))))) {
      text += line
      continue
    }
    text += line.slice(0, start)
    kernelLines.push(withoutEnd(line.slice(start)))
  }
  return { text: withoutReturns(text), kernelLines }
}

function withoutEnd(line: string): string {
  return line.replace(/\r{0,80}\n$/, '')
}

/** Where in a line, given with its end, the kernel begins to speak. */
function kernelMessageStart(line: string, sign: KernelLineSign): number | undefined {
  if (sign.by === 'line-end' && !line.endsWith('\r\n')) return undefined
  const stamps = [...line.matchAll(timeStamps)]
  // A program may have printed stamps of its own before: the kernel's is the last of the line.
  if (sign.by === 'line-end') return stamps.at(-1)?.index
  return stamps.find(([, seconds]) => Number(seconds) >= sign.since)?.index
}

const timeStamps = new RegExp(timeStampSource, 'g')

function* linesOf(text: string): Generator<string> {
  let start = 0
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    yield text.slice(start, end + 1)
    start = end + 1
  }
  if (start < text.length) yield text.slice(start)
}

function withoutReturns(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text
}
