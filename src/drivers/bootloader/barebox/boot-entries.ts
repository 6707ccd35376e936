/** One line of `boot -l`. */
export interface BootEntry {
  readonly title: string
  /** `blspec entry, device: virtio0 ...`, `script: /env/boot/net`. */
  readonly description: string
}

/** Reads what `boot -l` prints: messages of drivers, `title`, `------`, entries with an indented description each. */
export function parseBootEntries(output: string): readonly BootEntry[] {
  const lines = output.split('\n')
  const entries: BootEntry[] = []
  for (const line of lines.slice(lines.indexOf('------') + 1)) {
    if (line.startsWith('\t')) {
      const last = entries.pop()
      if (last !== undefined) entries.push({ ...last, description: line.trim() })
    } else if (line !== '') entries.push({ title: line, description: '' })
  }
  return entries
}
