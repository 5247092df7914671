// Loads URLs into a store of RDF4J and asks an endpoint; prints how many statements each gave:
// java -cp JARS Load.java ENDPOINT URL...
import java.net.URI;
import org.eclipse.rdf4j.query.TupleQueryResult;
import org.eclipse.rdf4j.repository.RepositoryConnection;
import org.eclipse.rdf4j.repository.sail.SailRepository;
import org.eclipse.rdf4j.repository.sparql.SPARQLRepository;
import org.eclipse.rdf4j.sail.memory.MemoryStore;

public class Load {
    public static void main(String[] arguments) throws Exception {
        SPARQLRepository endpoint = new SPARQLRepository(arguments[0]);
        try (RepositoryConnection connection = endpoint.getConnection();
                TupleQueryResult rows = connection
                        .prepareTupleQuery("SELECT ?c { ?c a <https://w3id.org/quoth/ns#Claim> }").evaluate()) {
            System.out.println(rows.stream().count());
        }
        for (int i = 1; i < arguments.length; i++) {
            SailRepository store = new SailRepository(new MemoryStore());
            try (RepositoryConnection connection = store.getConnection()) {
                connection.add(URI.create(arguments[i]).toURL());
                System.out.println(connection.size());
            } finally {
                store.shutDown();
            }
        }
    }
}
