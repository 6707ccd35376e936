import { createInterface } from 'node:readline/promises'
import type { DriverContext } from '../board/driver.ts'
import { plainText } from '../report/rendered-text.ts'
import type { Screen } from '../report/terminal/screen.ts'

/** Asks the person at the terminal; `undefined` where there is none. */
export function personAt(screen: Screen): DriverContext['ask'] | undefined {
  if (!process.stdin.isTTY || !screen.output.isTerminal) return undefined
  return async (question, t) => {
    screen.suspend()
    const lines = createInterface({ input: process.stdin, output: process.stdout })
    try {
      await lines.question(`${plainText(question)} [Enter] `, { signal: t.signal })
    } finally {
      lines.close()
      screen.resume()
    }
  }
}
