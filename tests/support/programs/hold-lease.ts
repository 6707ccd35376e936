import { startDeadline } from '../../../src/core/deadline.ts'
import { takeLeases } from '../../../src/lab/lease/take-leases.ts'

/** Leases the resources it is given, waiting for them, says so, and holds them until it is ended. */
const [, , ...resources] = process.argv
using t = startDeadline(60_000, 'test')
const options = { what: 'hil run', priority: 0, waitMs: 60_000, onWait: () => undefined }
const [lease] = await takeLeases([{ board: 'one', resources }], options, t)
process.stdout.write(`${lease?.fence}\n`)
setInterval(() => undefined, 1000)
