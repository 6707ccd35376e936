/**
 * Opens a console that is a process, as hil does in a run, until it is killed itself.
 * Usage: hold-process.ts none|raw PROGRAM [ARGUMENT...]; prints "open".
 */
import { openProcess } from '../../../src/transports/process.ts'
import { RecordingReader } from '../recording-reader.ts'

const [terminal, ...argv] = process.argv.slice(2)
await openProcess({ argv, terminal: terminal === 'raw' ? 'raw' : undefined })(new RecordingReader())
process.stdout.write('open\n')
