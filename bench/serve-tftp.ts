import { startDeadline } from '../src/core/deadline.ts'
import { startTftpServer } from '../src/servers/tftp/tftp-server.ts'

/** Serves a file by TFTP until its standard input ends: `serve-tftp.ts FILE`. Prints its port. */
const [, , path = ''] = process.argv
using t = startDeadline(60_000, 'publishing')
const server = await startTftpServer({ host: '127.0.0.1', port: 0 })
await server.publish('file', path, t)
console.log(server.address.port)
process.stdin.resume().on('end', () => void server.close())
