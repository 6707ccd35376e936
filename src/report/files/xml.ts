/**
 * XML 1.0 text. What XML has no way to hold (control characters, lone surrogates, U+FFFE, U+FFFF;
 * XML 1.0 section 2.2) is left out: a reader would refuse the whole file.
 */
const illegal = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** An element. Attributes that are `undefined` are left out; children are XML already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`)
    .join('')
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`
}

/** Text as a CDATA section, which people can read; `]]>` in it is split over two sections. */
export function cdata(text: string): string {
  return `<![CDATA[${text.replace(illegal, '').replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}

function escapeAttribute(text: string): string {
  return text.replace(illegal, '').replace(/[&<>"\t\n\r]/g, (character) => entities[character] ?? character)
}
