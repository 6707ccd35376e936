import { posix } from 'node:path'
import type { EntryText } from './stock-entry.ts'

/** A label while it is read. */
interface Label {
  readonly name: string
  readonly keys: Map<string, string>
}

/**
 * The entry of an extlinux.conf that U-Boot boots when nobody chooses: the default, else the first.
 * @param path of the file, for relative paths in it
 * @param fdtfile U-Boot's variable of that name, looked for in `fdtdir`
 */
export function parseExtlinux(text: string, path: string, fdtfile: string): EntryText | undefined {
  const labels: Label[] = []
  let chosen: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const [, keyword = '', rest = ''] = /^\s*(\S+)\s*(.*?)\s*$/.exec(line) ?? []
    const key = keyword.toLowerCase()
    if (key === '' || key.startsWith('#')) continue
    const label = labels.at(-1)
    if (key === 'label') labels.push({ name: rest, keys: new Map() })
    else if (key === 'default' || key === 'ontimeout') chosen = rest
    else if (key === 'menu' && /^default\b/i.test(rest)) chosen = label?.name
    else label?.keys.set(key, rest)
  }
  const label = labels.find(({ name }) => name === chosen) ?? labels[0]
  return label && toEntry(label, posix.dirname(path), fdtfile)
}

function toEntry({ name, keys }: Label, directory: string, fdtfile: string): EntryText {
  const file = (...names: readonly string[]) => {
    const value = names.map((key) => keys.get(key)).find((found) => found !== undefined && found !== '')
    return value === undefined ? undefined : posix.resolve(directory, value)
  }
  const kernel = keys.get('fit') ?? keys.get('kernel') ?? keys.get('linux')
  const directoryOfTrees = file('fdtdir', 'devicetreedir')
  const treeOfDirectory =
    directoryOfTrees === undefined || fdtfile === '' ? undefined : posix.join(directoryOfTrees, fdtfile)
  const initrd = file('initrd')
  return {
    name: `label ${name}`,
    bootargs: keys.get('append'),
    // A configuration may stand behind a FIT: "/image.fit#conf-1".
    kernel: kernel === undefined ? undefined : posix.resolve(directory, kernel.replace(/#.*/, '')),
    initrds: initrd === undefined ? [] : [initrd],
    deviceTree: file('fdt', 'devicetree') ?? treeOfDirectory,
  }
}
