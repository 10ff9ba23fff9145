// What the operator fills in before uploading. Filing numbers and the operator's name are shown under 我的.
module.exports = {
  // https, filed, and entered under 开发管理 › 服务器域名 (see docs/wechat.md)
  api: 'https://qa.example.gov.cn',
  operator: '',
  filing: '',
  hotline: '12333',
}
