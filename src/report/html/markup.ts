import { plainText } from '../rendered-text.ts'

/** HTML that is safe as it stands. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Content = string | number | undefined | Markup | readonly Content[]

/** HTML from a template; whatever is put in is escaped, unless it is `Markup` already. `undefined` is nothing. */
export function markup(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(strings.reduce((text, string, index) => text + toHtml(values[index - 1]) + string))
}

function toHtml(value: Content): string {
  if (value === undefined) return ''
  if (value instanceof Markup) return value.text
  if (typeof value === 'object') return value.map(toHtml).join('')
  return plainText(String(value)).replace(/[&<>"']/g, escape)
}

function escape(character: string): string {
  return `&#${character.charCodeAt(0)};`
}
