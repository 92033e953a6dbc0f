/**
 * A certificate for localhost that nobody trusts, and its key, which protects nothing. Made with
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1`.
 */
export const SELF_SIGNED = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmRUZZ60Zn1WGSNbG
uFFwzf23NY8eInzFINzI6XlYRaihRANCAATN8NyBeOnG9c7E13o2S0H3PYnH+fZD
dhnxPIelBgTQUBscS3/CMHhsecq5EBdsqQ7koiWnUI4lTxezQIVy8nsn
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUI7+LMcODDq8CPRtngOrdYPwmji8wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE4MTUzNFoYDzIxMjYxMDI5
MTgxNTM0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATN8NyBeOnG9c7E13o2S0H3PYnH+fZDdhnxPIelBgTQUBscS3/CMHhs
ecq5EBdsqQ7koiWnUI4lTxezQIVy8nsno28wbTAdBgNVHQ4EFgQUxE2/0hre8GJ5
rsLtP1Kfpj91s04wHwYDVR0jBBgwFoAUxE2/0hre8GJ5rsLtP1Kfpj91s04wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAO6jF1PM8hRxB6cK1z2v7afWrS7g62iwJPe+A3to9SDrAiBH
r3yvRl8lQpjVFHcLnK0ArQhBARdpjzY95Tt0JkLE+w==
-----END CERTIFICATE-----`,
};
