/** An element as a strict XML reader sees it. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** All text directly in it, CDATA included. */
  readonly text: string
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Reads a document of elements, attributes, text and CDATA; throws where XML 1.0 does not allow what it sees. */
export function parseXml(document: string): XmlElement {
  const illegal = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(document)
  if (illegal !== null) throw new Error(`character ${illegal[0].codePointAt(0) ?? 0} at ${illegal.index}`)
  const tokens =
    /<\?xml[^>]*\?>\s*|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
  const root: Open = { name: '', attributes: {}, children: [], text: '' }
  const open: Open[] = [root]
  let end = 0
  for (const token of document.matchAll(tokens)) {
    end = token.index + token[0].length
    const [, cdata, closing, name = '', attributes = '', empty, text] = token
    const parent = open.at(-1) ?? root
    if (cdata !== undefined) parent.text += cdata
    else if (text !== undefined) parent.text += decode(text)
    else if (closing === '/') {
      if (parent.name !== name) throw new Error(`</${name}> ends <${parent.name}>`)
      open.pop()
    } else if (closing === '') {
      const element: Open = { name, attributes: parseAttributes(attributes), children: [], text: '' }
      parent.children.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  if (end !== document.length) throw new Error(`no XML at ${end}: ${document.slice(end, end + 40)}`)
  const [element, ...others] = root.children
  if (open.length !== 1 || element === undefined || others.length > 0) throw new Error('not one root element')
  return element
}

/** All elements of a name, however deep. */
export function findAll(element: XmlElement, name: string): readonly XmlElement[] {
  const inside = element.children.flatMap((child) => findAll(child, name))
  return element.name === name ? [element, ...inside] : inside
}

interface Open {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Open[]
  text: string
}

function parseAttributes(source: string): Readonly<Record<string, string>> {
  const pairs = [...source.matchAll(/([\w:.-]+)="([^"]*)"/g)]
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, decode(value)]))
}

function decode(text: string): string {
  if (text.includes(']]>')) throw new Error(']]> in text')
  return text.replace(/&(?:#(\d+)|(\w+));|&/g, (reference, code?: string, name?: string) => {
    if (code !== undefined) return String.fromCodePoint(Number(code))
    const character = name === undefined ? undefined : entities[name]
    if (character === undefined) throw new Error(`unknown entity ${reference}`)
    return character
  })
}
