import { fileURLToPath } from 'node:url'

/** The program as it is installed. */
export const cli = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url))
