/** Has hil keep what it makes in a directory of the test's own. @param directory is asked before each test */
export function useCacheHome(directory: () => string): void {
  let before: string | undefined
  beforeEach(() => {
    before = process.env['XDG_CACHE_HOME']
    process.env['XDG_CACHE_HOME'] = directory()
  })
  afterEach(() => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME']
    else process.env['XDG_CACHE_HOME'] = before
  })
}
