/** barebox's errors as commands return them: positive here, negative there. */
export const errno = {
  noEntry: 'No such file or directory',
  io: 'I/O error',
  noDevice: 'No such device',
  invalid: 'Invalid argument',
  exists: 'File exists',
  notDirectory: 'Not a directory',
  isDirectory: 'Is a directory',
  notEmpty: 'Directory not empty',
  readOnly: 'Read-only file system',
  timedOut: 'Connection timed out',
  notImplemented: 'Function not implemented',
  noData: 'No data available',
  noMedium: 'error 123',
} as const

/** A command that failed with a raw errno: the shell prints it behind the command's name, status 127. */
export class Errno extends Error {}
