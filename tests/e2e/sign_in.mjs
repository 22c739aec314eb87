// sign_in.mjs -- how to sign in to the sample city as each role: account,
// password and the one-time code of this moment (`make sign-in`).
import { desks, totp } from '../lib/client.mjs';

const { desks: rows, partner } = desks();
const left = 30 - Math.floor(Date.now() / 1000) % 30;
console.log('工作人员（POST /v1/identity/officer-sessions {login, password, totp}）：');
for (const d of rows)
  console.log(`  ${d.login.padEnd(13)} ${d.password.padEnd(22)} ${totp(Buffer.from(d.totp, 'base64url'))}  ` +
    `${d.area_name}·${d.role_label}`);
console.log(`动态码每 30 秒更换（本组还有 ${left} 秒），每个动态码只能用一次。`);
console.log('个人与单位经办人：POST /v1/identity/sms-codes {phone}，验证码见 ' +
  'GET /v1/identity/sandbox/message?phone=…，再 POST /v1/identity/sessions {phone, code}；' +
  '代表单位：POST /v1/identity/sessions/act-for {org_id}');
console.log(`合作机构：POST /oauth/token grant_type=client_credentials client_id=${partner.client_id} ` +
  `client_secret=${partner.client_secret}`);
