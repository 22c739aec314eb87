/*
 * conf_secret.c -- reads the files that hold secrets. Content never reaches a
 * message; it is wiped when a read fails.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "conf/conf_priv.h"

static ssize_t		 read_all(int, char *, size_t);
static const char	*read_file(int, char *, size_t *);

bool
secret_read(const struct conf_row *row, struct conf_value *v, struct buf *errors)
{
	char		*data;
	const char	*wrong;
	size_t		 len = 0;
	int		 fd;

	/* O_NONBLOCK: a pipe put there by mistake must not hold us up. */
	fd = open(v->text, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd == -1) {
		buf_addf(errors, "%s: %s: %s\n", row->env, v->text, strerror(errno));
		return (false);
	}
	if ((data = malloc(SECRET_MAX + 1)) == NULL)
		log_die("out of memory");
	wrong = read_file(fd, data, &len);
	close(fd);
	if (wrong == NULL && (v->secret = malloc(len + 1)) == NULL)
		log_die("out of memory");
	if (wrong == NULL) {
		memcpy(v->secret, data, len);
		v->secret[len] = '\0';
		v->secret_len = len;
	} else
		buf_addf(errors, "%s: %s: %s\n", row->env, v->text, wrong);
	explicit_bzero(data, SECRET_MAX + 1);
	free(data);
	return (wrong == NULL);
}

/* What is wrong with the file, or NULL. One newline at the end is not content. */
static const char *
read_file(int fd, char *data, size_t *len)
{
	struct stat	st;
	ssize_t		n;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		return ("not a regular file");
	if ((n = read_all(fd, data, SECRET_MAX + 1)) == -1)
		return ("cannot be read");
	if (n > SECRET_MAX)
		return ("larger than 64 KB");
	if (n > 1 && data[n - 2] == '\r' && data[n - 1] == '\n')
		n -= 2;
	else if (n > 0 && data[n - 1] == '\n')
		n--;
	if (n == 0)
		return ("empty");
	*len = (size_t)n;
	return (NULL);
}

static ssize_t
read_all(int fd, char *data, size_t size)
{
	size_t	len = 0;
	ssize_t	n;

	while (len < size && (n = read(fd, data + len, size - len)) != 0) {
		if (n == -1 && errno != EINTR)
			return (-1);
		if (n > 0)
			len += (size_t)n;
	}
	return ((ssize_t)len);
}
