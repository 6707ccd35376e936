import type { RawLine } from './raw-lines.ts'

/** A line of the console, taken apart. */
export interface ConsoleLine extends RawLine {
  /** The line without control sequences and characters. */
  readonly text: string
  /** What follows the kernel's stamp; the whole line where there is none. */
  readonly message: string
  /** Kernel time in seconds; `undefined` where the line has no stamp. */
  readonly kernelTime: number | undefined
  /**
   * Who spoke, so that two reports that came at once can be taken apart: `T123` or `C0` with
   * `CONFIG_PRINTK_CALLER`, `stamped` or `plain` without.
   */
  readonly speaker: string
  /** What it ends with; empty where the line was cut. */
  readonly ending: '\r\n' | '\n' | ''
}

/** Reads a line as the kernel writes it. */
export function readConsoleLine(raw: RawLine): ConsoleLine {
  const text = clean(raw.text)
  const ending = !raw.isComplete ? '' : raw.text.endsWith('\r') ? '\r\n' : '\n'
  const stamp = stampOf.exec(text)
  if (stamp === null) {
    return { ...raw, text, message: text, kernelTime: undefined, speaker: 'plain', ending }
  }
  const [whole, seconds, caller] = stamp
  return {
    ...raw,
    text,
    message: text.slice(stamp.index + whole.length),
    kernelTime: Number(seconds),
    speaker: caller ?? 'stamped',
    ending,
  }
}

/** `timeStampSource`, and who spoke. */
const stampOf = /(?:<\d{1,3}>)?\[ {0,8}(\d{1,8}\.\d{6})\](?:\[ {0,8}([CT]\d{1,8})\])? ?/

function clean(text: string): string {
  const plain = control.test(text) ? text.replaceAll(controlSequence, '').replaceAll(controls, '') : text
  return plain.endsWith('\r') ? plain.replace(/\r{1,80}$/, '') : plain
}

/** C0 but tab and CR, DEL, and C1: what no message is made of, and a terminal would obey. */
const control = /[\x00-\x08\x0a-\x0c\x0e-\x1f\x7f-\x9f]/
const controls = new RegExp(control, 'g')

/** ECMA-48 sequences, all repeats bounded, with their introducers of 7 and of 8 bits. */
const controlSequence =
  /(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9b-\x9f]{0,1024}(?:\x07|\x1b\\|\x9c)|\x1b[ -/]{1,4}[0-~]|\x1b[0-Z\\-~]/g
