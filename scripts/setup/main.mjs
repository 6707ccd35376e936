import { explain } from './failure.mjs'
import { setUp } from './set-up.mjs'

try {
  const missing = await setUp(['boards', 'tests'])
  if (missing.length === 0) console.log('Everything is set up.')
  process.exitCode = missing.length === 0 ? 0 : 2
} catch (error) {
  console.error(explain(error))
  process.exit(1)
}
