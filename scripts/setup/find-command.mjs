import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

/**
 * The path of a program on PATH, or undefined.
 *
 * @param {string} name
 */
export function findCommand(name) {
  return (process.env['PATH'] ?? '')
    .split(':')
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isProgram)
}

/**
 * Whether a package's proof is there.
 *
 * @param {string} proof a command, or the absolute path of a file
 */
export function isThere(proof) {
  return isAbsolute(proof) ? existsSync(proof) : findCommand(proof) !== undefined
}

/** Debian keeps servers such as ser2net in directories that are not on a user's PATH. */
export function addSystemDirectoriesToPath() {
  const directories = (process.env['PATH'] ?? '').split(':')
  const missing = ['/usr/local/sbin', '/usr/sbin', '/sbin'].filter((each) => !directories.includes(each))
  process.env['PATH'] = [...directories, ...missing].join(':')
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
