import type { Barebox } from './barebox.ts'

/** The prompt of the default environment: coloured, with the model and the working directory. */
export function expandPrompt({ variables, hardware, directory }: Barebox, status: number): string {
  const color = variables.global('allow_color') === '1'
  const prompt =
    variables.get('PS1') ?? (color ? '\\e[1;32mbarebox@\\e[1;36m\\h:\\w\\e[0m ' : 'barebox@\\h:\\w ')
  return unescapeText(prompt, (letter) => {
    if (letter === 'h') return hardware.options.model
    if (letter === 'w') return directory
    return letter === 'u' ? variables.global('user') : undefined
  }).replaceAll('\\$?', String(status))
}

const letters: Readonly<Record<string, string>> = {
  '\\': '\\',
  a: '\x07',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  f: '\f',
  e: '\x1b',
}

/** Escapes as barebox's prompt and `echo -e` know them; others stay as they are. */
export function unescapeText(
  text: string,
  more: (letter: string) => string | undefined = () => undefined,
): string {
  return text.replace(/\\([^])/g, (all, letter: string) => letters[letter] ?? more(letter) ?? all)
}
