const { createServices } = require('./services')
const config = require('./config')

App({
  /** @type {ReturnType<typeof createServices> | undefined} */
  services: undefined,

  onLaunch() {
    this.services = createServices(wx, config)
  },
})
