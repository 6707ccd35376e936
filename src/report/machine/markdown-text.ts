import { plainText } from '../rendered-text.ts'

/** Text that is no markup: not Markdown's, not HTML's, and it can't end a table cell. */
export function inline(text: string): string {
  return plainText(text)
    .replaceAll('\n', ' ')
    .replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')
    .replace(/[\\`*_[\]|#~@]/g, '\\$&')
}

export function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``
}

/** A code block whose fence is longer than any in the text. */
export function fenced(lines: readonly string[]): string {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  )
  const fence = '`'.repeat(longest + 1)
  return [`${fence}text`, ...lines, fence].join('\n')
}
