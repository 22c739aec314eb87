// cast.mjs -- who takes part in a measurement.
import { call } from '../lib/client.mjs';
import { eventually, firm, person } from '../lib/city.mjs';

// One firm with a vacancy, and somebody who reads it.
export async function cast(stack) {
  const employer = await firm();
  const body = { title: '电机装配工（两班倒）', occupation_code: '6-20-01-01',
    area_code: '431129100', headcount: 5, pay_min_cents: 450000, pay_max_cents: 620000,
    pay_unit: 'month', form: 'full_time', education_code: '40',
    expires_on: stack.psql(`SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date + 60`),
    description: '装配线操作，包工作餐和住宿，满三个月缴纳五险，节假日按规定休息，有班车往返县城。' };
  const vacancy = await eventually(async () => {
    const reply = await call('POST', '/v1/jobs/vacancies', { token: employer.token, body, refused: true });
    return reply.status === 201 ? reply.json : reply.json?.code === 'jobs.org_unknown' ? null
      : Promise.reject(new Error(reply.text));
  }, 'the firm is known to jobs');
  return { employer, body, vacancy, reader: await person() };
}
