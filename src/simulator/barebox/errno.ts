/** Texts of barebox's errnos; an errno without text is `error <number>`. */
export const errno = {
  badAddress: 'Bad address',
  badFile: 'Bad file number',
  /** EBADMSG has no text. */
  badMessage: 'error 74',
  busy: 'Device or resource busy',
  exists: 'File exists',
  inputOutput: 'I/O error',
  invalid: 'Invalid argument',
  isDirectory: 'Is a directory',
  noData: 'No data available',
  noDevice: 'No such device',
  noEntry: 'No such file or directory',
  noRoute: 'No route to host',
  notImplemented: 'Function not implemented',
  notPermitted: 'Operation not permitted',
  timedOut: 'Connection timed out',
} as const

/** The text of an errno. */
export type ErrnoText = (typeof errno)[keyof typeof errno]

/** A command failed with a raw errno: the shell prints it behind the command's name, status 127. */
export class Errno extends Error {}
