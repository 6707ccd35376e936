import { basename } from 'node:path/posix'
import { fromBytes } from '../../binary.ts'
import { resolvePath } from '../../files/file-tree.ts'
import { Errno, errno } from '../errno.ts'
import { tftpContent } from '../files/tftp-content.ts'
import { UsageError, hasOption, optionValue, parseOptions, type Command } from './command.ts'

const progressBar = `\t[${' '.repeat(64)}]\r\t[${'#'.repeat(64)}`

/** Loads one file from the server that `global.net.server` names. */
export const tftp: Command = {
  summary: 'load (or save) a file using TFTP',
  usage: '[-p] [-P <port>] SOURCE [DEST]',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'pP:')
    const [source, destination = basename(source ?? '')] = parsed.operands
    if (source === undefined) throw new UsageError()
    if (hasOption(parsed, 'p')) barebox.hardware.unsupported('barebox: tftp -p')
    const port = Number(optionValue(parsed, 'P') ?? '69')
    const content = tftpContent(barebox, { host: barebox.variables.global('net.server'), port })
    if ((await content.find(`/${source}`)) === undefined) {
      await barebox.print(`could not open /.tftp_tmp_path/${source}: ${errno.noEntry}\n`)
      throw new Errno(errno.noEntry)
    }
    const bytes = await content.read(`/${source}`)
    const path = resolvePath(barebox.directory, destination)
    const into = (await barebox.files.find(path))?.type === 'directory'
    barebox.files.write(into ? `${path}/${basename(source)}` : path, fromBytes(bytes))
    await barebox.print(`${progressBar}\n`)
    return 0
  },
}
