/** Where hil's shell sessions, on the board and in its bootloader, say which two letters they mark their own lines with. */
const introductions = [
  /h_='echo ([a-z0-9]{2}):'/g,
  /hil"-"([a-z0-9]{2})\b/g,
  /PS1='hil-(?:'')?([a-z0-9]{2})[:>]/g,
]

/** The marks that sessions say they use. @param texts what came over a console, in lines or larger pieces */
export function findMarks(texts: readonly string[]): ReadonlySet<string> {
  return new Set(
    texts.flatMap((text) =>
      text.includes('h_=') || text.includes('hil')
        ? introductions.flatMap((pattern) => [...text.matchAll(pattern)].map(([, mark]) => mark ?? ''))
        : [],
    ),
  )
}

/** How hil makes a shell its own, and what it asks of a system that it has booted. */
const ownLines = [
  /hil"-"[a-z0-9]{2}[;=]/,
  /^hil-[a-z0-9]{2}(?:=\d{1,3})?$/,
  /PS1='hil-(?:'')?[a-z0-9]{2}/,
  /^hil(?::[0-9a-f:]*|=[\d.]*)$/,
  /^cat \/proc\/version 2>\/dev\/null; echo @cmdline;/,
  /^@(?:cmdline|notes|end)$/,
]

const hexadecimal = /^(?: [0-9a-f]{2}){1,16}$/

/** Tells the lines of a console that are of hil's own sessions, such as how a command ended, from what the board says. */
export class OwnLines {
  readonly #marks = new Set<string>()
  #isInNotes = false

  /** @param text the next line, as it is shown */
  has(text: string): boolean {
    for (const mark of findMarks([text])) this.#marks.add(mark)
    if (text.startsWith('@')) this.#isInNotes = text === '@notes'
    const mark = /^([a-z0-9]{2})(?::\d{1,3}|\d{3})$/.exec(text)?.[1]
    return (
      (mark !== undefined && this.#marks.has(mark)) ||
      ownLines.some((pattern) => pattern.test(text)) ||
      (this.#isInNotes && hexadecimal.test(text))
    )
  }
}

/** Takes the marks out that hil makes up anew for each session. @param texts the lines of one boot */
export function withoutMarks(texts: readonly string[]): readonly string[] {
  const marks = findMarks(texts)
  if (marks.size === 0) return texts
  const any = new RegExp(
    `(?<=^|[^a-z0-9]|\\\\001)(?:${[...marks].join('|')})(?=[:%>=;]|\\d{3}(?!\\d)|$)`,
    'g',
  )
  return texts.map((text) => text.replaceAll(any, '••'))
}
