import { lockResource } from '../../../src/lab/resource-lock.ts'

/** Locks the resource it is given, says so, and holds it until it is ended. */
const [, , resource = ''] = process.argv
await lockResource(resource, {
  pid: process.pid,
  user: 'tester',
  host: 'labhost',
  directory: '/home/tester',
  since: '2026-01-01T00:00:00Z',
  what: 'board one: hil run',
})
process.stdout.write('locked\n')
setInterval(() => undefined, 1000)
