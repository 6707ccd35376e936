import { fitText } from '../../../report/terminal/text-width.ts'

export interface Column {
  readonly title: string
  readonly align?: 'right'
  /** Takes the width that is left, and is cut where it has to be. */
  readonly isFlexible?: true
}

/**
 * Rows below a head, in columns; nothing is wider than `width`, and columns without any text are left out.
 * @param rows plain text
 */
export function formatTable(
  all: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const used = all.map((_, index) => rows.some((row) => (row[index] ?? '') !== ''))
  const columns = all.filter((_, index) => used[index])
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => row.filter((_, index) => used[index])),
  ]
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)))
  const fixed = widths.reduce((sum, size, index) => sum + (columns[index]?.isFlexible ? 0 : size), 0)
  const flexible = columns.findIndex(({ isFlexible }) => isFlexible)
  const left = Math.max(8, width - fixed - 2 * (columns.length - 1))
  if (flexible !== -1) widths[flexible] = Math.min(widths[flexible] ?? 0, left)
  return cells.map((row) =>
    fitText(
      row.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align)).join('  '),
      width,
    ).trimEnd(),
  )
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  const cut = fitText(text, width)
  return align === 'right' ? cut.padStart(width) : cut.padEnd(width)
}
