// subsidies_watch.mjs -- says when a claim about a subject is there to be read:
// one connection, asked over and over by the server itself, a millisecond apart.
import { spawn } from 'node:child_process';

const psql = spawn('psql', ['-h', process.argv[2], '-U', 'yjy', '-d', 'yjy', '-XAtq'], { stdio: ['pipe', 'pipe', 'inherit'] });
psql.stdin.write(`CREATE FUNCTION pg_temp.wait_for(subject uuid) RETURNS double precision LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1..20000 LOOP
    IF EXISTS (SELECT FROM subsidies.claim c WHERE c.subject_id = subject AND c.state = 'notified') THEN
      RETURN extract(epoch FROM clock_timestamp()) * 1000;
    END IF;
    PERFORM pg_sleep(0.001);
  END LOOP;
  RAISE 'never';
END $$;\nSELECT 'ready';\n`);
psql.stdout.on('data', (d) => process.send(d.toString().trim() === 'ready' ? 'ready' : Number(d)));
process.on('message', (id) => psql.stdin.write(`SELECT pg_temp.wait_for('${id}');\n`));
process.on('disconnect', () => { psql.kill(); process.exit(0); });
