import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // Files of one worker share what they import and what the engine has compiled: a quarter less processor time in all. No test may
    // leave anything behind in a module, in process.env or in the working directory.
    isolate: false,
  },
})
