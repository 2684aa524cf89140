package quaybell.config;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Who may do what. The hall sits behind the harbour's own login, which sends the role along. */
@Configuration
class SecurityConfig {

    @Bean
    SecurityFilterChain chain(HttpSecurity http) throws Exception {
        return http
            .csrf(csrf -> csrf.disable())
            .authorizeHttpRequests(requests -> requests
                .requestMatchers("/actuator/health").permitAll()
                .requestMatchers(HttpMethod.GET, "/api/clock").permitAll()
                .requestMatchers("/api/clock/start").hasRole("AUCTIONEER")
                .requestMatchers("/api/settlements/**").hasRole("OFFICE")
                .anyRequest().authenticated())
            .oauth2ResourceServer(server -> server.jwt(jwt -> { }))
            .build();
    }
}
