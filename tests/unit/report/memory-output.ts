import type { Output } from '../../../src/report/terminal/output.ts'

/** An output that keeps what was written. */
export interface MemoryOutput extends Output {
  readonly text: string
  readonly writes: readonly string[]
}

export function memoryOutput({ isTerminal = false, isColoured = false, columns = 80 } = {}): MemoryOutput {
  const writes: string[] = []
  return {
    isTerminal,
    isColoured,
    columns,
    writes,
    get text() {
      return writes.join('')
    },
    write(text) {
      writes.push(text)
    },
  }
}
